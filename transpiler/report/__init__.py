"""Diagnostics as people and tools read them: one renderer a format, over one type."""
