def function(a: int) -> int:  # ! wrong-return
    print(a)

    def inner():
        return 1
