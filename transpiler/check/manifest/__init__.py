"""The rules about what a manifest says of the whole run."""
