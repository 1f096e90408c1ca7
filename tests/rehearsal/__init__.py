"""`transpile test`: cases, fakes, virtual time, and what is told of a case that goes otherwise."""
