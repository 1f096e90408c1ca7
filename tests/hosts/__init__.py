"""What others run of ours: hooks, an action, a template, an image, packages. Each by its host, or by its steps."""
