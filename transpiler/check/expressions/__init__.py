"""The rules about values and expressions."""
