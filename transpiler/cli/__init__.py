"""The command `transpile`: arguments, streams and exit codes. Each command is imported when it is called."""
