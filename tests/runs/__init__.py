"""Runs in Argo's own controller, and what `transpiler.runs` makes of their status."""
