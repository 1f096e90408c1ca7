"""The rules about the keys of a manifest that concern the whole run."""
