"""Expressions as data: the tree, the types of values, the functions."""
