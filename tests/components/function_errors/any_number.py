def function(a: int, *rest: int, b, **options):  # ! unsupported-function unsupported-function missing-annotation
    pass
