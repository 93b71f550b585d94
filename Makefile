# Everything installs into .venv at the first call; stamp files in there make the second one quick.
# `make run PYTHON=python3.12 PORT=8600` chooses the Python and the port.

VENV := .venv
VENV_PYTHON := $(VENV)/bin/python
PIP_INSTALL := $(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --prefer-binary
ADDRESS := 127.0.0.1
PORT := 8501
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help run setup test lint format bench soak mutants audit clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## Start the app and open it in the browser
	@$(VENV_PYTHON) -m streamlit run streamlit_app.py --server.address $(ADDRESS) --server.port $(PORT)

setup: $(VENV)/.installed $(VENV)/.sound ## Install what the app needs, without starting it

test: ## Run every check: style, types and tests
	@$(MAKE) --no-print-directory -j 2 setup $(VENV)/.installed-dev $(VENV)/.browser
	@$(MAKE) --no-print-directory lint
	$(VENV_PYTHON) -m pytest -m "not browser" -n 2 --dist worksteal
	$(VENV_PYTHON) -m pytest -m browser

lint: $(VENV)/.installed-dev ## Check style, types and containers
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m mypy
	$(VENV)/bin/hadolint Dockerfile
	$(VENV_PYTHON) -m yamllint --strict -d "{extends: relaxed, rules: {line-length: {max: 120}}}" compose.yaml

format: $(VENV)/.installed-dev ## Put the code into the project's style
	$(VENV_PYTHON) -m ruff check --fix .
	$(VENV_PYTHON) -m ruff format .

bench: $(VENV)/.installed-bench $(VENV)/.installed-mutants ## Measure everything anew (three hours) and write benchmarks/RESULTS.md
	$(VENV_PYTHON) -m benchmarks.report

soak: $(VENV)/.installed-bench ## Attack the app with damaged files and load it with visitors (twenty minutes)
	$(VENV_PYTHON) -m benchmarks.report soak

mutants: $(VENV)/.installed-mutants ## Change the code in 400 places, one at a time, and count what the fast tests notice (ten minutes)
	$(VENV_PYTHON) -m benchmarks.mutants

audit: $(VENV)/.installed-audit ## Ask whether faults of the packages are known
	$(VENV_PYTHON) -m pip_audit --local

clean: ## Remove everything that these commands made
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV_PYTHON):
	@.ci/system-packages venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV_PYTHON)
	@echo "Encore: installing Python packages; the first time takes a few minutes ..."
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

$(VENV)/.installed-bench: requirements-bench.txt $(VENV)/.installed-dev
	@$(PIP_INSTALL) -r requirements-bench.txt
	@touch $@

$(VENV)/.installed-mutants: requirements-mutants.txt $(VENV)/.installed-dev
	@$(PIP_INSTALL) -r requirements-mutants.txt
	@touch $@

$(VENV)/.installed-audit: $(VENV)/.installed
	@$(PIP_INSTALL) "pip-audit>=2.7,<3"
	@touch $@

$(VENV)/.sound: | $(VENV_PYTHON)
	@.ci/system-packages sound
	@touch $@

$(VENV)/.chromium: | $(VENV)/.sound
	@.ci/system-packages chromium
	@touch $@

$(VENV)/.browser: $(VENV)/.installed-dev $(VENV)/.chromium
	@.ci/system-packages browser $(VENV_PYTHON)
	@touch $@
