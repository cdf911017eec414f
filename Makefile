# From a bare clone, with Python 3.11 or newer and make: `make run`, `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help run test check check-types check-style check-pages check-page soak bench clean

help:  ## list what make can do
	@sed -n 's/^\([a-z]*\):.*## /\1: /p' $(MAKEFILE_LIST)

run: $(VENV)/.for-run  ## build the graph from seed/ on the embedded engine, pictures in out/
	$(BIN)/kg build

# One worker a core, up to four: each may hold a browser, and one a server. One more made it slower (12:28
# for 11:06).
WORKERS ?= auto

# The tests start many processes: without compiled modules each compiles all of kg anew, and each
# run all tests. `make clean` removes them.
unexport PYTHONDONTWRITEBYTECODE

test: check  ## everything but what takes long; check first
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4

check: $(VENV)/.for-tests  ## format, lint, strict types, generated pages up to date
	@$(MAKE) --no-print-directory --output-sync -j2 check-types check-style check-pages check-page

check-types:
	$(BIN)/mypy

check-style:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

check-pages:
	$(BIN)/python -m tools.ontology_reference --check
	$(BIN)/python -m tools.cli_reference --check
	$(BIN)/python -m tools.questions_reference --check

# The script inside pictures. Nobody needs npm to use or draw them, so without it this is left out.
PAGE_TOOLS := tools/page/node_modules
check-page:
	@if ! command -v npm >/dev/null; then \
	    echo "npm is not here: the script inside pictures is neither linted nor checked for types"; \
	elif ! $(MAKE) --no-print-directory $(PAGE_TOOLS)/.for-checks; then \
	    echo "npm cannot install its checkers: the script inside pictures is not checked"; \
	else \
	    $(PAGE_TOOLS)/.bin/eslint -c tools/page/eslint.config.js kg/views/page && \
	    $(PAGE_TOOLS)/.bin/tsc -p tools/page/tsconfig.json; \
	fi

$(PAGE_TOOLS)/.for-checks: tools/page/package.json
	@echo "installing what checks the script inside pictures into $(PAGE_TOOLS)"
	@npm install --prefix tools/page --no-package-lock --no-audit --no-fund --loglevel=error
	@touch $@

soak: $(VENV)/.for-tests  ## the tests that take long
	$(BIN)/python -m pytest -m soak

bench: $(VENV)/.for-bench  ## every benchmark in bench/
	@set -e; for file in bench/[a-z]*.py; do echo "== $$file"; $(BIN)/python "$$file"; done

clean:  ## remove what can be made again (not .venv, not a graph or ledger)
	rm -rf out build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "kg needs Python 3.11 or newer; make PYTHON=python3.12 … names another"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }  # half an environment would look whole

# A stamp is older than the pins when these have changed since the last installation.
$(VENV)/.for-run: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing kg into $(VENV)"
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.for-tests: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing kg and what its tests need into $(VENV)"
	@$(INSTALL) --editable '.[dev]'
	@$(INSTALL) followthemoney 2>$(VENV)/followthemoney.log || \
		echo "followthemoney cannot be built here (it needs ICU and a compiler): its test skips"
	@touch $@ $(VENV)/.for-run

$(VENV)/.for-bench: $(VENV)/.for-tests
	@echo "installing the peers that benchmarks compare with into $(VENV)"
	@$(INSTALL) --editable '.[bench]'
	@touch $@
