"""What runs the pods of a run: each executor takes a `Pod`, and answers with what was seen to happen."""
