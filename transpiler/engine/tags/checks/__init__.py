"""The types of the parts of an expression, each checked as the engine does: `checker.py` has them together."""
