# The commands of the project; each says what it does. `run` and `test` set everything up themselves.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench

BIN := .venv/bin
STAMP := .venv/.ready
LOCK := requirements/dev.txt

help:  ## list the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(STAMP)  ## make .venv with the kaoping command, and install fonts

$(STAMP): $(LOCK) pyproject.toml setup.sh
	@./setup.sh $(LOCK)
	@touch $(STAMP)

run: setup  ## score the example city and list what was written
	@$(BIN)/kaoping run examples/baise-2024 --out out/baise-2024

test: setup  ## run all tests
	@$(BIN)/python -m pytest -n 2

check: setup  ## style, types, import rules, architecture
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest tests/architecture

bench: setup  ## measure, and print ratios beside a peer
	@$(BIN)/python -m bench.scoring
