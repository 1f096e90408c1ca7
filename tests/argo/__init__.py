"""What Argo makes of the Workflows that come out: its schema, its rules, its runs."""
