# Every target works in a fresh checkout and first creates what it needs. `make help` lists them.

SHELL := /bin/sh
STEPS ?=
PYTHON ?=
VERSION ?=
OPTIONS ?=

.DEFAULT_GOAL := help
.PHONY: help develop demo test test-matrix test-live conformance conformance-az lint coverage docs molecule build importer execution-environment reuse release bench clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

develop:  ## Set up .venv: Ansible, the requirements, the tools, the emulator and the collection (PYTHON=... picks the interpreter)
	@python=$$(sh scripts/find-python.sh $(PYTHON)) && exec "$$python" scripts/develop.py

demo: develop  ## Run the shipped playbooks against the emulator, with the real Azure SDK over TLS
	@exec .venv/bin/python scripts/demo.py

test: develop  ## Run every check of the project (STEPS="units lint" runs some, STEPS=list names them)
	@exec .venv/bin/python tests/run.py $(STEPS)

test-matrix: develop  ## Test with other versions of Ansible, Python and the Azure packages; build the docs, import, run Molecule
	@exec .venv/bin/python tests/run.py --versions $(STEPS)

conformance: develop  ## Play every operation of the Azure SDK, in two versions of it, and programs written for Azure, against the emulator
	@exec .venv/bin/python emulator/tests/conformance/run.py sdk

conformance-az: develop  ## Play the container commands of the official az, and azure.azcollection, against the emulator
	@exec .venv/bin/python emulator/tests/conformance/run.py az

test-live: develop  ## See where Azure and the emulator differ, on an Azure of your own; it says first what that costs (OPTIONS=--help)
	@PYTHONPATH=.venv/src exec .venv/bin/python tests/live/live_run.py $(OPTIONS)

lint: develop  ## Run the formatter, the linters and the type checker only
	@exec .venv/bin/python tests/run.py format lint types yaml ansible-lint docs changelog spelling phrases

coverage: develop  ## Measure the unit tests' coverage of the collection, and fail below the minimum in pyproject.toml
	@mkdir -p .build
	@.venv/bin/python -m coverage run -m pytest -q tests/unit && exec .venv/bin/python -m coverage report

docs: develop  ## Build the documentation's site in .build/docs/html
	@exec .venv/bin/python scripts/docs.py

molecule: develop  ## Run the Molecule scenario of extensions/molecule on the emulator
	@exec .venv/bin/python scripts/molecule.py

build: develop  ## Build the collection's artifact, the emulator's wheel and its Containerfile in .build
	@exec .venv/bin/python scripts/build.py

importer: develop  ## Import the collection's artifact as Ansible Galaxy does
	@exec .venv/bin/python scripts/importer.py

execution-environment: develop  ## Build an execution environment with the collection, by Podman or Docker, and load the modules in it
	@exec .venv/bin/python scripts/execution_environment.py

reuse: develop  ## Check that every file states its copyright and license, as REUSE requires
	@exec .venv/bin/python scripts/reuse.py

release: develop  ## Prepare a release: write VERSION=X.Y.Z into its places, and the changelog from the fragments
	@exec .venv/bin/python scripts/release.py prepare $(VERSION)

bench: develop  ## Measure tasks through each door, many groups, and the emulator (STEPS="doors" measures some)
	@exec .venv/bin/python bench/run.py $(STEPS)

clean:  ## Remove everything that the other targets created, .venv included
	rm -rf .venv .build .ansible .mypy_cache .pytest_cache .ruff_cache tests/output
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
