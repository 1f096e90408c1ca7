"""Components: of KFP v1 and v2, and those made from Python functions."""
