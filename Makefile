# `make demo` and `make test` set up all that they need in .venv; the slower targets add to .cache.
PYTHON ?= python3
ROUNDS ?= 5
BIN := .venv/bin

.PHONY: demo test lint parity test-pythons indexes test-editors fuzz faults everywhere migration resolver vsix test-packaging test-vscode bench screenshot screenshots-vscode clean

demo: .venv/installed
	@echo '$$ pyproject-ls check fixtures/projects/demo'
	@$(BIN)/pyproject-ls check fixtures/projects/demo || test $$? -eq 1

test: .venv/developing
	$(BIN)/python -m pytest -n auto

lint: .venv/developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyproject-ls check --strict pyproject.toml

parity: .venv/developing
	$(BIN)/python -m tests.parity

fuzz: .venv/developing
	PYTHONPATH=server $(BIN)/python -m tests.toml_fuzz --rounds 100000

faults: .venv/developing
	PYTHONPATH=server $(BIN)/python -m tests.faults --faults 1000
	PYTHONPATH=server $(BIN)/python -m tests.server_faults --faults 1000

everywhere: .venv/developing
	PYTHONPATH=server $(BIN)/python -m tests.everywhere --every 50 --damaged 2000

migration: .venv/developing
	PYTHONPATH=server $(BIN)/python -m tests.migration

test-pythons: .venv/developing
	$(BIN)/nox

indexes: .venv/developing
	$(BIN)/python -m pytest tests/indexes

resolver: .venv/developing
	$(BIN)/python -m pytest -n 2 tests/resolver/real

test-editors: .venv/developing
	$(BIN)/python -m pytest tests/editors

# Node.js of the system builds the extension; the real VS Code of its tests brings its own.
vsix: .venv/developing
	cd vscode-extension && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && node build.mjs

# The wheel, the sdist, the VSIX and the hooks for pre-commit, from a copy of what belongs to the repository.
test-packaging: .venv/developing
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/packaging

test-vscode: .venv/developing
	$(BIN)/python -m pytest tests/vscode

bench: .venv/developing
	$(BIN)/python -m tests.bench --rounds $(ROUNDS)
	-$(BIN)/python -m tests.bench.names
	-$(BIN)/python -m tests.bench.packages
	-$(BIN)/python -m tests.bench.resolver

screenshot: .venv/developing
	$(BIN)/python docs/screenshot.py

screenshots-vscode: .venv/developing
	$(BIN)/python -m tests.vscode.ui

clean:
	rm -rf .venv .cache .nox

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable .
	$(BIN)/python -m compileall -q server
	@touch $@

.venv/developing: .venv/installed
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@
