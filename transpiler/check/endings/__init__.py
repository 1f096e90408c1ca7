"""The rules about how tasks end: skipped, failed, held back."""
