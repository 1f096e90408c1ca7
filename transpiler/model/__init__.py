"""What the user said: pipelines, tasks, components and types, as immutable values with their places."""
