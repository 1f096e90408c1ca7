"""What JSON Schema finds in a document, told in the words of a manifest."""
