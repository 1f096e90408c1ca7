"""What `docs/features.md` and the pages of the samples are made of: a list of rows, and the samples that show them."""
