"""Manifests in GitOps: as a KRM function (kpt, Kustomize) and as a plugin of Argo CD."""
