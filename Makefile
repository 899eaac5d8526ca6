# The targets are explained in README.md. Everything lives in .venv; nothing is installed beside it,
# but for the Debian packages in requirements/debian.txt that `make test` needs (as root it gets them).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
# One more than two cores: some tests wait for a line, a browser or a guest.
WORKERS ?= 3
export PIP_NO_INPUT := 1

.PHONY: run setup test faults bench check-tools lint types style clean help

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## make run     the demonstration office on http://127.0.0.1:8000
run: setup
	@$(BIN)/aigaq demo --data demo-data

## make setup   .venv with the locked requirements
setup: $(VENV)/.base
	@$(BIN)/python tools/messages.py compile

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit("Aigaq needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	@echo "1/3  making .venv"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.base: requirements/base.txt pyproject.toml | $(VENV)/.python
	@echo "2/3  installing what Aigaq is built on (about half a minute)"
	@$(PIP) install --require-hashes -r requirements/base.txt
	@echo "3/3  installing Aigaq"
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@echo "     installing what the tests need"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

check-tools: $(VENV)/.dev
	@sh tools/debian-packages.sh

lint: setup $(VENV)/.dev
	@$(MAKE) --no-print-directory --jobs=2 --output-sync types style

types:
	$(BIN)/mypy --cache-dir=/dev/null

style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python tools/messages.py check
	$(BIN)/python tools/schema.py check

## make test    lint, types, floors, every test on SQLite, and what works on the database on PostgreSQL too
test: lint check-tools
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal
	AIGAQ_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "database and not faults" tests/apps

## make faults  every test on both databases, with the whole of each sweep: hours
faults: setup check-tools
	AIGAQ_FAULTS=full $(BIN)/python -m pytest -v
	AIGAQ_FAULTS=full AIGAQ_TEST_DATABASE=postgresql $(BIN)/python -m pytest -m "database and not e2e" -v

## make bench   measured against peers in the same run; writes bench/results.json and docs/performance.md
bench: setup check-tools
	$(BIN)/python bench/run.py

clean:
	rm -rf $(VENV) build
