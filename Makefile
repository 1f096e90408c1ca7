# Each command makes its own environment in .venv and needs Python 3.11 or newer, git and make alone.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint bench docs site argo-schema clean

demo: .venv/run
	$(BIN)/transpile compile samples/add/pipeline.yaml

test: .venv/dev
	$(BIN)/python -m pytest -q -n auto

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/dev
	$(BIN)/python -m benchmarks.bench

# Everything that is made from something else: read the difference.
docs: .venv/dev
	$(BIN)/python -m transpiler.rules > docs/rules.md
	$(BIN)/python -m pytest -q tests/language/test_cases.py tests/language/test_errors.py --update
	$(BIN)/python -m tests.feature_pages
	$(BIN)/python -m tests.docs.picture
	$(BIN)/python -m transpiler.render.precompile > .cache/object_template.py
	mv .cache/object_template.py transpiler/render/object_template.py

# The web site of the pages, in site/. A link that leads nowhere fails it.
site: .venv/site
	rm -rf site
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going -c docs . site

# Needs Go. Fails, and leaves the file alone, when Argo's types and its definitions do not agree.
argo-schema: .venv/dev
	@mkdir -p .cache
	$(BIN)/python -c "from tests.judges import argo; print(argo.schema(), end='')" > .cache/argo.schema.json
	mv .cache/argo.schema.json schemas/argo.schema.json
	$(BIN)/python -c "from tests.judges import argo; print(argo.since(), end='')" > .cache/argo.since.json
	mv .cache/argo.since.json schemas/argo.since.json

# Needs Go: what the judges of each version of Argo say of the samples.
targets: .venv/dev
	$(BIN)/python -m tests.feature_pages.targets

.venv/run: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/dev: .venv/run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

.venv/site: .venv/dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group docs
	@touch $@

clean:
	rm -rf .venv .cache site
