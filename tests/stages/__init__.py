"""The interfaces of stages, held directly: what reading keeps, what the model promises, where a cursor is."""
