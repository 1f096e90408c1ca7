"""The lock: the files that a manifest needs, compared with transpile.lock, or written to it."""
