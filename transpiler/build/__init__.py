"""Nodes → model: the meaning of a document. Expects validated nodes; reports mistakes that a schema cannot detect."""
