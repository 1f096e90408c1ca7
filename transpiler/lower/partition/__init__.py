"""Splits a DAG with more tasks than the limit into groups."""
