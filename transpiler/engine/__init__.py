"""What Argo's controller decides, for runs on this machine: pure, without clock, files, processes or chance."""
