import json
import pathlib

part = json.loads(pathlib.Path("/tmp/part.json").read_text())
pathlib.Path("/tmp/result.json").write_text(json.dumps({"bar": part["foo"] * 2}))
