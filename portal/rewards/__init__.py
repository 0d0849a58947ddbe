"""The ledger of points, the rules that fill it, and the catalogue that empties it."""
