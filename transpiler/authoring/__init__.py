"""Components that start as something else: a Python function, or nothing yet. Reads Python; never runs it."""
