"""Values files: what an environment changes of a manifest, laid over its nodes before its schema judges them."""
