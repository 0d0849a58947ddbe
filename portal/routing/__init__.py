"""Which department owns an item, why, and how it is handed on."""
