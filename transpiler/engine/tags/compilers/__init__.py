"""The parts of an expression, each as a function of a run: `compiler.py` has them together."""
