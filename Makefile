# Two commands do everything: `make demo` and `make test`. Both install what they need into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo

.PHONY: demo test lint types cassettes benchmarks clean

$(VENV)/installed: pyproject.toml constraints.txt
	@echo "Installing into $(VENV) (a minute or two the first time) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; say which with: make PYTHON=python3.12 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Installing the tools of the tests …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(VENV)/installed ## Write the notes of the demo channel, offline, and show the first one
	@$(BIN)/python demo.py

test: lint types ## Run ruff, mypy and all tests
	@$(BIN)/python -m pytest -n 2

lint: $(VENV)/installed-dev
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .

types: $(VENV)/installed-dev
	@$(BIN)/mypy

cassettes: $(VENV)/installed-dev ## Record cassettes/ again, through the local stand-in
	@$(BIN)/python -m benchmarks.record_cassettes

benchmarks: $(VENV)/installed-dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,bench]'
	@for each in benchmarks/segmentation.py benchmarks/extractive.py benchmarks/startup.py; do $(BIN)/python $$each; done

clean:
	rm -rf $(VENV) demo-output build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
