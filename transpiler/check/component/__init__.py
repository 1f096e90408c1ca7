"""The rules about a component file."""
