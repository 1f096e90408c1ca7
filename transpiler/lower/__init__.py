"""A program → the program that Argo can run. What only Argo needs happens here."""
