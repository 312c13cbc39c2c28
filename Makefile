# Everything from a fresh checkout: `make run`, `make test`. Needs Python 3.11 or later, make and git.

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

# Where this is set, every worker compiles every test anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test thorough check bench clips screenshots docs clean

help: ## say what there is to make
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 22

run: .venv/ready-to-run ## play in the browser
	$(BIN)/python run_bot.py

test: .venv/ready-to-work ## run every test
	$(BIN)/python -m pytest -n auto --dist worksteal

thorough: .venv/ready-to-work ## run every test, and try much more of what is tried by chance
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -n auto --dist worksteal

check: .venv/ready-to-work ## lint, formatting, types, and what deploy/ ships
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/yamllint --strict deploy deploy/kubernetes/secret.yaml.sample
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml
	$(BIN)/kubernetes-validate --strict --quiet deploy/kubernetes/*.yaml deploy/kubernetes/*.yaml.sample

bench: .venv/ready-to-measure ## time the bot against its peers
	$(BIN)/python -m benchmarks

clips: .venv/ready-to-work ## make the clips of the stories that ship with the bot
	$(BIN)/python run_bot.py clips $(patsubst %/story.yaml,%,$(wildcard stories/*/story.yaml))

screenshots: .venv/ready-to-work ## take the pictures in docs/ with a real browser
	$(BIN)/python -m docs.screenshots

docs: .venv/ready-to-work ## write docs/settings.md, .env.example and the schemas in stories/ anew
	$(BIN)/python -m bot.settings_table
	$(BIN)/python -m bot.schema_files

clean: ## remove what was built and installed; data and stories stay
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp per set of packages: made again when what is wanted has changed, and otherwise at once up to date.
.venv/ready-to-run: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing what the bot needs ..."
	@$(INSTALL) -e .
	@touch $@

.venv/ready-to-work: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing what the bot, its tests and its clips need ..."
	@$(INSTALL) -e '.[dev]'
	@touch $@ .venv/ready-to-run

.venv/ready-to-measure: .venv/ready-to-work benchmarks/bots/peers.txt
	@echo "Installing what the benchmarks need ..."
	@$(INSTALL) -e '.[dev,bench]'
	@$(PYTHON) -m venv .venv/peers
	@.venv/peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/bots/peers.txt
	@touch $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or later is needed; $(PYTHON) is older or missing. Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make an environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
