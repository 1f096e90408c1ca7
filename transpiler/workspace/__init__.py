"""A manifest and all that belongs to it: its root, its lock, its catalogs."""
