# Two commands: `make run` opens the window, `make test` checks everything. Both set up what they need.
SHELL := /bin/sh
VENV ?= .venv
ARGS ?=
# Another index for the torch wheel (see the README, "Choosing a torch build"); empty: the default one.
TORCH_INDEX ?=

SHARED := $(wildcard ../shared)
ifneq ($(SHARED),)
export FIAS_DATA ?= $(abspath ../shared/data)
export FIAS_CLIPS ?= $(abspath ../shared/clips)
export FIAS_PARITY ?= $(abspath ../shared/parity)
endif
export TORCH_INDEX VENV
BIN := $(VENV)/bin

.PHONY: run test setup setup-dev lint screenshots bench lock clean

run: setup
	@$(BIN)/fias $(ARGS)

test: setup-dev lint
	@$(BIN)/python -m pytest

setup:
	@sh packaging/setup.sh run

setup-dev:
	@sh packaging/setup.sh dev

lint: setup-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

screenshots: setup-dev
	@$(BIN)/python benchmarks/screenshots.py docs/screens

bench: setup-dev
	@$(BIN)/fias bench

lock: setup-dev
	@sh packaging/lock.sh

clean:
	rm -rf $(VENV)
