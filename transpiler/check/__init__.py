"""Checking: the rules about a resolved pipeline. Each rule is a small function without side effects."""
