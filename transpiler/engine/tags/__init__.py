"""Argo's tags and conditions, and the languages in them: expr-lang with Argo's functions, and govaluate."""
