"""Judges: what other programs say about the files that we emit."""
