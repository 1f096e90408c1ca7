def function(a: int):
    print "a"  # ! python-syntax
