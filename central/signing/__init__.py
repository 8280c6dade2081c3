"""What the centre signs with: the keys of seals, and the certificate of A4 documents."""
