# Every target starts from a plain checkout: what it needs, it makes first. `make help` lists them.

SHELL := /bin/sh
STEPS ?=
PYTHON ?=

.DEFAULT_GOAL := help
.PHONY: help develop demo test lint bench build clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

develop:  ## Set up .venv: Ansible, the requirements, the tools, the emulator and the collection (PYTHON=... picks the interpreter)
	@python=$$(sh scripts/find-python.sh $(PYTHON)) && exec "$$python" scripts/develop.py

demo: develop  ## Run the shipped playbooks against the emulator, with the real Azure SDK over TLS
	@exec .venv/bin/python scripts/demo.py

test: develop  ## Run every check of the project (STEPS="units lint" runs some, STEPS=list names them)
	@exec .venv/bin/python tests/run.py $(STEPS)

lint: develop  ## Run the formatter, the linters and the type checker only
	@exec .venv/bin/python tests/run.py format lint types yaml ansible-lint docs changelog

build: develop  ## Build the collection's artifact in .build
	@exec .venv/bin/python scripts/build.py

bench: develop  ## Measure what a task costs through each door, beside a ping
	@exec .venv/bin/python bench/doors.py

clean:  ## Remove all that the other targets made, .venv included
	rm -rf .venv .build .ansible .mypy_cache .pytest_cache .ruff_cache tests/output
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
