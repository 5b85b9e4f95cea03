# Everything a person types. Each target sets up what it needs; a second call finds its stamp and is instant.
# A stamp is written last, so that what was interrupted is done again.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup translation run test lint check bench test-deps pins clean

ARGS ?=
PIP_INSTALL = bin/python -m pip install --quiet --disable-pip-version-check --no-deps
# Only what the lists name, and only with the hashes they name; a package that comes as source is built with the
# setuptools of the list, not with one that was fetched unseen.
PINNED = --require-hashes --no-build-isolation

help:  ## Show these lines.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done

# What was asked for once is kept as the lists say, also after an update.
setup: .venv/.run $(wildcard .venv/.translation)  ## Make .venv and install what running needs.

translation: .venv/.translation  ## Install what translates, and finds issues that say the same (450 MB); models: `townbell models`.

run: setup  ## Set up and start; with no configuration: SQLite under data/ and a web chat on port 8080. ARGS="--port 9000"
	@exec .venv/bin/townbell run $(ARGS)

test: .venv/.test  ## Set up what the tests need and run them all. ARGS="-k name" chooses.
	@tools/test-deps.sh || test -z "$$CI"
	@.venv/bin/pytest $(ARGS)

lint: .venv/.test  ## Format, lint, types and import rules; changes nothing.
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy .
	@.venv/bin/lint-imports

check: lint test  ## Lint, then all tests.

bench: .venv-bench/.run  ## Measure against our peers and write bench/results.json.
	@.venv-bench/bin/python -m bench $(ARGS)

test-deps:  ## Install the Debian packages the tests need: PostgreSQL, Chromium, fonts, Node, faketime.
	@tools/test-deps.sh

pins:  ## Write requirements/*.txt anew; UPGRADE=1 moves to the newest versions.
	@UPGRADE="$(UPGRADE)" tools/pins.sh $(PYTHON)

clean:  ## Remove the environments and caches; data/ stays.
	rm -rf .venv .venv-bench .cache .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment knows where it was made: one in a checkout that was copied or moved, or whose Python is gone, is made anew.
stale = $(shell test "$$(cat $(1)/.made 2>/dev/null)" = "$(CURDIR)" && test -x $(1)/bin/python || echo $(1)/.made)
.PHONY: $(call stale,.venv) $(call stale,.venv-bench)

.venv/.made .venv-bench/.made:
	@echo "Making $(@D) ..."
	@tools/venv.sh $(@D)
	@$(@D)/$(PIP_INSTALL) --require-hashes -r requirements/build.txt
	@echo "$(CURDIR)" > $@

.venv/.run: .venv/.made requirements/build.txt requirements/run.txt pyproject.toml
	@echo "Installing what Townbell needs ..."
	@.venv/$(PIP_INSTALL) $(PINNED) -r requirements/run.txt
	@.venv/$(PIP_INSTALL) --no-build-isolation --editable .
	@touch $@

.venv/.translation: .venv/.run requirements/translation.txt
	@echo "Installing what machine translation needs ..."
	@.venv/$(PIP_INSTALL) $(PINNED) -r requirements/translation.txt
	@touch $@

.venv/.test: .venv/.translation requirements/test.txt
	@echo "Installing what the tests need ..."
	@.venv/$(PIP_INSTALL) $(PINNED) -r requirements/test.txt
	@touch $@

.venv-bench/.run: .venv-bench/.made requirements/build.txt requirements/bench.txt pyproject.toml
	@echo "Installing what the benchmark needs ..."
	@.venv-bench/$(PIP_INSTALL) $(PINNED) -r requirements/bench.txt
	@.venv-bench/$(PIP_INSTALL) --no-build-isolation --editable .
	@touch $@
