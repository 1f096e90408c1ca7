"""A manifest and what belongs to it: its root, its lock, its catalogs; and where manifests are found."""
