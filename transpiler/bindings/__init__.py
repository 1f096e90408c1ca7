"""A program in the user's own terms: where each name is defined and used, and what flows between tasks."""
