"""Manifests in GitOps: a KRM function, and a plugin of Argo CD."""
