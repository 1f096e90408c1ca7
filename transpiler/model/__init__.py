"""The data of the user: pipelines, tasks, components and types, as immutable values with positions."""
