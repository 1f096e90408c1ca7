"""Bytes → nodes that know their lines: events of libyaml, limits, scalars, positions."""
