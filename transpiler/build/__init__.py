"""Nodes → model: what a document means. Expects what JSON Schema has judged; reports what a schema cannot see."""
