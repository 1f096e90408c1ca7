"""Tags, expressions and conditions, against those of Argo."""
