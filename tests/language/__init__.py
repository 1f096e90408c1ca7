"""The manifest language: what it means, what it refuses, and that every input gives an answer."""
