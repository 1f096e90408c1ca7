"""`transpile test`: runs of a pipeline without containers, in virtual time, with tasks that only pretend."""
