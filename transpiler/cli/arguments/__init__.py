"""The command line: a module for each command. Imports nothing that argparse does not need itself."""
