# Two commands matter: `make site` and `make test`. Both set up what they need, and work again when run again.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
# The example is built as of a fixed day, so that anyone gets the same bytes.
AS_OF := 2026-11-23

.PHONY: site today test check lint format docs example lock clean

site: .venv/site.stamp  ## the example site, as of $(AS_OF)
	$(BIN)/argmap build --offline --as-of $(AS_OF)

today: .venv/site.stamp  ## the example site, as of today
	$(BIN)/argmap build

ARGDOWN := tests/argdown/node_modules/.package-lock.json

test: .venv/test.stamp $(ARGDOWN)  ## everything the tests need, then the tests
	$(BIN)/python -m pytest -n auto --dist worksteal

check: .venv/test.stamp  ## the linters
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/test.stamp
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: .venv/site.stamp  ## the parts of docs/ that are generated
	$(BIN)/python docs/generate.py

example: .venv/site.stamp  ## the example's whole past, and its site
	$(BIN)/argmap backfill --from 2025-01-01 --to 2026-11-01 --every 30d
	$(MAKE) site

.venv/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "argmap needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv || { rm -rf .venv; $(PYTHON) -m pip install --quiet --retries 8 --user virtualenv && $(PYTHON) -m virtualenv --quiet .venv; }

.venv/site.stamp: requirements.lock pyproject.toml | .venv/bin/pip
	$(PIP) --retries 8 --timeout 60 --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --no-index --editable .
	touch $@

.venv/test.stamp: requirements-dev.lock .venv/site.stamp
	$(PIP) --retries 8 --timeout 60 --require-hashes -r requirements-dev.lock
	sh .ci/chromium
	touch $@

$(ARGDOWN): tests/argdown/package.json tests/argdown/package-lock.json | .venv/test.stamp
	sh .ci/argdown
	touch $@

lock:  ## resolve the dependencies anew; needs uv
	echo 'flit_core>=3.12,<5' | uv pip compile --upgrade pyproject.toml - $(LOCK) -o requirements.lock
	uv pip compile --upgrade pyproject.toml --group dev -c requirements.lock $(LOCK) -o requirements-dev.lock
LOCK = --universal --generate-hashes --no-emit-index-url --no-header --quiet

clean:
	rm -rf .venv tests/argdown/node_modules .argmap .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
