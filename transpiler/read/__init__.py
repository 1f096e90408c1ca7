"""Reading: bytes in, mappings that know their lines out."""
