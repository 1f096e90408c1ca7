"""A program in the user's own terms: the definitions and uses of each name, and the edges between tasks."""
