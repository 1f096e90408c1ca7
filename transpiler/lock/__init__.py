"""The lock: what a manifest needs, whether transpile.lock says the same, and what it should say."""
