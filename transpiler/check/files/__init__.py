"""The rules about artifacts and where they are stored."""
