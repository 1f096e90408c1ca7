"""Rendering: a plan as YAML text. Lays out and quotes; decides nothing."""
