# `make run` opens the house, `make test` proves it; both set themselves up in .venv first.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
NODE_MODULES := tests/web/node_modules/.package-lock.json

.PHONY: run test check lint types fuzz soak bench clean

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Teahouse needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv || { echo "The venv module is missing: on Debian, apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $(READY)

run: $(READY)
	$(BIN)/teahouse serve $(ARGS)

test: lint types check

check: $(READY) $(NODE_MODULES)
	$(BIN)/pytest $(ARGS)

# What drives a browser and an IRC client in the tests; without npm these tests are skipped.
$(NODE_MODULES): tests/web/package.json
	@command -v npm >/dev/null || echo "npm is missing: the tests of the web client will be skipped"
	! command -v npm >/dev/null || npm install --prefix tests/web --no-package-lock --no-audit --no-fund --silent

lint: $(READY)
	$(BIN)/ruff format --check src tests examples bench
	$(BIN)/ruff check src tests examples bench

types: $(READY)
	$(BIN)/mypy

# For so many seconds each; SEED=n repeats what failed.
fuzz: SECONDS_EACH ?= 60
fuzz: $(READY)
	PYTHONPATH=tests $(BIN)/python -m fuzz $(SECONDS_EACH) $(SEED)

soak: SECONDS_EACH ?= 300
soak: $(READY)
	PYTHONPATH=tests $(BIN)/python -m soak $(SECONDS_EACH)

bench: $(READY)
	$(BIN)/python -m bench.run $(ARGS)

clean:
	rm -rf .venv tests/web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis build bench/build
