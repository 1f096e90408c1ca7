"""A graph as text and pictures: Mermaid, DOT, JSON, SVG, and a page for a browser."""
