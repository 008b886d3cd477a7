# The commands of the project. `run`, `score`, `test`, `check`, `bench` set everything up themselves.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run score test check bench lock

# What Python has compiled is kept: tests start hundreds of processes of ours.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
STAMP := .venv/.ready

help:  ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(STAMP)  ## make .venv with the kaoping command, and install fonts

$(STAMP): requirements/dev.txt pyproject.toml setup.sh tests/judges/package-lock.json assets/package-lock.json
	@./setup.sh
	@touch $@

run: setup  ## start the platform with the example city in it, on this computer only
	@exec $(BIN)/kaoping demo examples/baise-2024 --data demo

score: setup  ## the batch job: score the example city into out/baise-2024
	@$(BIN)/kaoping run examples/baise-2024 --out out/baise-2024

test: setup  ## run all tests: also in a browser, on PostgreSQL, with kills
	@./setup.sh browser
	@./setup.sh office
	@$(BIN)/python -m pytest -n $$(( $$(nproc) < 4 ? $$(nproc) + 1 : 4 )) --dist worksteal

check: setup  ## style, types, import rules, architecture
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest tests/architecture

bench: setup  ## measure, and compare with peers: a spreadsheet, other typesetters, other libraries
	@./setup.sh office || true
	@./setup.sh peers || true
	@$(BIN)/python -m bench

lock: setup  ## lock the newest allowed version of every dependency anew
	@$(BIN)/python -m venv --clear .venv/locking
	@.venv/locking/bin/pip install -q pip-tools
	@for lock in run dev; do \
	    .venv/locking/bin/pip-compile -q --upgrade --generate-hashes --strip-extras --allow-unsafe \
	        --no-header --no-annotate --no-emit-index-url --no-emit-trusted-host \
	        --no-emit-find-links --no-emit-options \
	        $$([ $$lock = dev ] && echo --extra=dev) -o requirements/$$lock.txt pyproject.toml; \
	done
