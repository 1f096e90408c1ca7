"""The samples, and the pages about features that are made from them."""
