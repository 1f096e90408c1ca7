"""Runs in a cluster: the status that Argo keeps of one, as states of the tasks of its manifest."""
