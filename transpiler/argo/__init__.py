"""What Argo and Kubernetes accept, as facts: names, text, limits. Knows no pipeline and no plan."""
