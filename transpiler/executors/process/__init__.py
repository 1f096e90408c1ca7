"""Pods as processes of this machine, each in a folder of its own."""
