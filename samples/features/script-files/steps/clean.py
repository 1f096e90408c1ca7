import os

print(f"cleaning the orders of {os.environ['DAY']}")
