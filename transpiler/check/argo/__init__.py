"""Argo's own fields: mistakes that its linter accepts and that make a run fail."""
