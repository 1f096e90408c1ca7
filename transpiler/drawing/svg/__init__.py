"""A graph as SVG."""
