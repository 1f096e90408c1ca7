"""Graphs of pipelines, and how they are drawn."""
