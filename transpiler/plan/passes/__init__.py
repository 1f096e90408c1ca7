"""Passes over the finished object."""
