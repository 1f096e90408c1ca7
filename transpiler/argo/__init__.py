"""Facts about Argo and Kubernetes: names, text, limits. Independent of pipelines and plans."""
