"""Stages held at their own interfaces, in small tables: reading, the model, expressions, dataflow, partition."""
