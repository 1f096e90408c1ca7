"""What is set up: on this machine, and in a cluster."""
