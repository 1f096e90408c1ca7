"""Checking: what is wrong with a resolved pipeline. One small function a rule; none changes anything."""
