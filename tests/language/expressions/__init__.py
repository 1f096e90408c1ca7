"""Expressions: what they mean, how they are written, and what Argo makes of what they compile to."""
