"""Catalogs of components: views, upgrades, lock files, and fetching from elsewhere."""
