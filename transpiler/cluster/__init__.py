"""A cluster, through the user's own `kubectl` or `argo`: starting and following runs, and what is set up there."""
