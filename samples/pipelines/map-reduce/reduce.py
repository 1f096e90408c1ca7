import json
import pathlib

results = [json.loads(each.read_text())["bar"] for each in pathlib.Path("/tmp/results").glob("*.json")]
pathlib.Path("/tmp/total").write_text(str(sum(results)))
