"""The rules about names: the valid targets and places of references."""
