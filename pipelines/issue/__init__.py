"""A pack on its way out: what it was made from, its public edition, and who signed it."""
