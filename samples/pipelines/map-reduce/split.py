import json
import pathlib

parts = range(int("{{inputs.parameters.parts}}"))
folder = pathlib.Path("/tmp/parts")
folder.mkdir()
for part in parts:
    (folder / f"{part}.json").write_text(json.dumps({"foo": part}))
print(json.dumps(list(parts)))
