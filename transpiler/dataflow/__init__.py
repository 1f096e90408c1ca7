"""How each value travels: as a parameter, as an artifact, or both."""
