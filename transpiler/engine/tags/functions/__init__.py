"""The functions that expr-lang has built in."""
