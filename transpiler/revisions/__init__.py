"""A revision of a Git repository → the files of its tree, in a folder; no hook or filter runs."""
