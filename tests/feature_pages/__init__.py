"""The pages of docs/ that are made: from rows and samples, the schema, and the command line."""
