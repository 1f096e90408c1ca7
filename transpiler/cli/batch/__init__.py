"""Many manifests in one run: what is compiled, where it is written, and what is said about it."""
