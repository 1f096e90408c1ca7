class Trainer:
    def function(self, a: int) -> int:  # ! unsupported-function
        return a
