"""The command: streams, exit codes, and the files that it reads and writes."""
