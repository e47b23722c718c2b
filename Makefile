# Two commands do everything: `make demo` and `make test`. Both install what they need into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHANNEL := kettle_and_chalk
TALKS := FrsnL_1823k -2NoonsDay0 Metr1799_Mk tWiceDaily8
FIRST := fresnel_lens_how_lighthouses_got_their_reach.md
# Nobody's settings, keys or proxies: the demo is the same on every machine.
CLEAN := env -i PATH="$$PATH" HOME="$$HOME" LANG=C.UTF-8

.PHONY: demo test lint types cassettes benchmarks clean

# Installed anew when the dependencies change.
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
	@rm -rf output/$(CHANNEL) output/.generator/notes/$(CHANNEL)
	@$(CLEAN) $(BIN)/generate --engine extractive --cassette cassettes/demo.yaml --output output \
	  --library output/.generator/demo.db $(TALKS:%=--video=%)
	@echo; echo "The first of them, output/$(CHANNEL)/$(FIRST):"; echo
	@cat "output/$(CHANNEL)/$(FIRST)"

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
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
