"""Expressions and texts → what Argo evaluates."""
