"""Compiled components of KFP v2, as the components that a v1 file gives."""
