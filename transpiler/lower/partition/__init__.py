"""A DAG of more tasks than one may hold, taken apart into groups."""
