"""Argo's `jsonpath(text, path)` (evilmonkeyinc/jsonpath v0.8)."""
