"""Expressions and texts → tags and engine expressions for Argo."""
