"""The fiscal register (Azerbaijani e-kassa): its protocol page (README.md) and its simulator."""
