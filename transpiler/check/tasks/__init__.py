"""The rules about calls of tasks and their settings."""
