"""What a manifest means as a graph: its tasks in nested frames, and what flows between them."""
