"""What tests run things with: a small Argo, containers as processes, servers, simulated runs."""
