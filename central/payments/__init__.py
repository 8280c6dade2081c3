"""Money that staff must look after."""
