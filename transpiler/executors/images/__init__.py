"""Pods as containers of docker or podman, through their command lines: logins and settings work."""
