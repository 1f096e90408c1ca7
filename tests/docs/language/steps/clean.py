"""Clean the orders."""
