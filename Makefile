# Two commands do everything: `make demo` and `make test`. Both install what they need into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHANNEL := kettle_and_chalk
FIRST := fresnel_lens_how_lighthouses_got_their_reach.md
FIRST_OPENAI := invention_of_the_fresnel_lens.md
BENCHMARKS := notes extractive startup tokens grounding links check check_speed regenerate vault site
# What is imported is compiled then; all else, such as a thousand extractors of yt-dlp, need not be.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile \
  --constraint constraints.txt --editable
# Nobody's settings, keys or proxies: the demo is the same on every machine.
CLEAN := env -i PATH="$$PATH" HOME="$$HOME" LANG=C.UTF-8 OPENAI_API_KEY=none-is-needed

# Tests start the program hundreds of times: it is not to be compiled each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint types pytest cassettes benchmarks clean

# Installed anew when the dependencies change.
$(VENV)/installed: pyproject.toml constraints.txt
	@echo "Installing into $(VENV) (a minute or two the first time) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; say which with: make PYTHON=python3.12 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(INSTALL) .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Installing the tools of the tests …"
	@$(INSTALL) '.[dev]'
	@touch $@

demo: $(VENV)/installed ## Write the notes of the demo channel with both engines, offline
	@echo "The extractive engine, from cassettes/demo.yaml:"
	@$(call write,extractive,cassettes/demo.yaml,output)
	@echo; echo "The openai engine, from cassettes/demo-openai.yaml (the replies were written for the demo; no model is asked):"
	@$(call write,openai,cassettes/demo-openai.yaml,output-openai)
	@echo; echo "The first note of each, output/$(CHANNEL)/$(FIRST)"; echo
	@cat "output/$(CHANNEL)/$(FIRST)"
	@echo; echo "and output-openai/$(CHANNEL)/$(FIRST_OPENAI)"; echo
	@cat "output-openai/$(CHANNEL)/$(FIRST_OPENAI)"

# $(call write,ENGINE,CASSETTE,VAULT)
write = rm -rf $(3)/$(CHANNEL) $(3)/.generator/notes/$(CHANNEL) $(3)/.generator/demo.db* && \
	  $(CLEAN) $(BIN)/generate --engine $(1) --cassette $(2) --output $(3) \
	  --library $(3)/.generator/demo.db --channel @$(CHANNEL)

# The types are checked while the tests run, which leave a processor idle now and then.
test: lint ## Run ruff, mypy and all tests
	@$(MAKE) --no-print-directory --jobs=2 types pytest

pytest: $(VENV)/installed-dev
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(VENV)/installed-dev
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .

types: $(VENV)/installed-dev
	@$(BIN)/mypy

cassettes: $(VENV)/installed-dev ## Record cassettes/ again, through the local stand-in
	@$(BIN)/python -m tests.standins.record_cassettes

benchmarks: $(VENV)/installed-dev ## Print the figures of the README, all but those of batch and cluster, in half an hour or more
	@$(INSTALL) '.[dev,bench]'
	@for each in $(BENCHMARKS); do echo; echo "== benchmarks/$$each.py"; $(BIN)/python benchmarks/$$each.py; done

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
