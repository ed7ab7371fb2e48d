# Two commands on a fresh machine: `make run` and `make test`. Python 3.11 or newer and make are all they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.ready-run
TEST_READY := $(VENV)/.ready-test
LINT_READY := $(VENV)/.ready-lint
BENCH_READY := $(VENV)/.ready-bench
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run serve test lint format pictures bench clean help
.DEFAULT_GOAL := help

help:  ## show the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUN_READY)  ## a weekend of webhooks: outage, retries, a corrected URL, auto-disable, recovery
	@$(BIN)/aurora-sim run scenarios/weekend-outage.yaml --out report

serve: $(RUN_READY)  ## the page, with a sample receiver and stories that go on, until Ctrl-C
	@$(BIN)/aurora-sim serve --receiver robust --story lead_to_signature --count 100 --every 30m

test: $(TEST_READY)  ## every test
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: $(LINT_READY)  ## formatting, rules, strict types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(LINT_READY)  ## put the code into its format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

pictures: $(TEST_READY)  ## take the README's pictures again (needs Chromium)
	@$(BIN)/python tests/pictures/take.py

bench: $(BENCH_READY)  ## how fast, against limits and peers, side by side (BENCH='--pairs 4 --json FILE')
	@$(BIN)/python tests/benchmarks $(BENCH)

clean:  ## remove what the other targets made
	rm -rf $(VENV) report build dist .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; name another with: make PYTHON=python3.12 ...")'
	@echo "preparing $(VENV) (once) ..." >&2
	@$(PYTHON) -m venv $(VENV)

# A stamp newer than pyproject.toml means: installed, nothing to do.
$(RUN_READY): pyproject.toml | $(BIN)/python
	@$(PIP) -e .
	@touch $@

$(TEST_READY): pyproject.toml | $(BIN)/python
	@$(PIP) -e '.[test]'
	@touch $@ $(RUN_READY)

$(LINT_READY): pyproject.toml | $(BIN)/python
	@$(PIP) -e '.[lint]'
	@touch $@ $(RUN_READY)

$(BENCH_READY): pyproject.toml | $(BIN)/python
	@$(PIP) -e '.[bench]'
	@touch $@ $(RUN_READY)
