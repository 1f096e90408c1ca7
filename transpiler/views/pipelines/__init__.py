"""Two versions of a pipeline → the changes of tasks, edges, components, inputs, outputs and settings."""
