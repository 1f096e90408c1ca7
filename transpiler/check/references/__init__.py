"""The rules about names: what a reference may name, and where it may stand."""
