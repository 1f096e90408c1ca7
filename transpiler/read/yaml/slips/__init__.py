"""Mistakes of YAML: each is recognised by the small edit that mends it."""
