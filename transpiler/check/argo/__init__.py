"""Argo's own fields: what its linter lets through, and a run does not survive."""
