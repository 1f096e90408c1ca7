"""Compiled KFP v2 components: a document that kfp 2 wrote → the same Component that a v1 file gives."""
