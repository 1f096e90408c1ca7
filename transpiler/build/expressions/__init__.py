"""The text of an expression → its tree."""
