"""The pages that people read: every command, program and manifest in them runs here, and the site that shows them."""
