"""Instances → templates."""
