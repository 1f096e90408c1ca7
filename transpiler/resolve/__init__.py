"""Resolving: names become definitions, references become edges, and each value gets its way: parameter or artifact."""
