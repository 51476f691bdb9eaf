# Needs Python 3.11 or newer, make and git; everything else comes from requirements.lock.
# Written for GNU make 3.81 and up, so that the make of macOS will do.

PYTHON ?= python3
VENV ?= .venv
# Commands go through `python -m`: so they work in a folder that was moved, and run the code of this checkout.
PY = $(VENV)/bin/python
PIP = $(PY) -m pip --disable-pip-version-check --no-input
UV = build/uv/bin/uv

# Where this is set, as in many containers, every command would compile every package anew: up to three seconds each.
export PYTHONDONTWRITEBYTECODE =

# A mark is made last, so an install that was cut short leaves none and begins again from nothing.
LOCK_INSTALLED = $(VENV)/.lock-installed
INSTALLED = $(VENV)/.package-installed

LOOK_AT = $(or $(QUARTER),2004-05-Q1)

.PHONY: help run test check fix bench backtest fuzz soak look sample docs lock wheels

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile
	@echo ''
	@echo 'Choose the Python with PYTHON=python3.12, the place of the virtual environment with VENV=.venv'
	@echo '(no spaces in it), the quarter with QUARTER=2004-05-Q1, more for the command with ARGS="...".'

# `lsp run` answers 3 when it is done but a file or a row was refused: the pack is there, and says what is not in it.
run: $(INSTALLED) ## the main job: read the returns, build the marts, write the pack
	@$(PY) -m pipelines.cli run $(QUARTER) $(ARGS) || { \
		code=$$?; \
		[ $$code -eq 3 ] || exit $$code; \
		echo 'The run is done and the pack is written, but at least one file or row was refused and is not in it:'; \
		echo 'the table above counts them, the Quality sheet of the pack says which and why. (Exit code 3, taken as success.)'; \
	}

test: $(INSTALLED) ## all tests; one alone: make test ARGS=tests/test_setup.py
	@$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(INSTALLED) ## lint, formatting, types, installed packages; changes nothing
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@$(PIP) check

fix: $(INSTALLED) ## mend what ruff can mend, and format
	@$(PY) -m ruff check --fix
	@$(PY) -m ruff format

bench: $(INSTALLED) ## a run beside an empty Prefect flow, reading beside bare calamine, 50,000 series, the pack beside plain openpyxl, one new file of 300
	@$(PY) bench/bench.py $(ARGS)
	@$(PY) bench/reading.py $(ARGS)
	@$(PY) bench/measures.py
	@$(PY) bench/writing.py $(ARGS)
	@$(PY) bench/one_changed.py

backtest: $(INSTALLED) ## how often the outlook was right on published series; into the docs: make backtest ARGS=--write
	@$(PY) tools/backtest.py $(ARGS)

fuzz: $(INSTALLED) ## ten thousand mutated returns through the reader; fewer: make fuzz ARGS="--count 500"
	@$(PY) tools/fuzz.py $(ARGS)

soak: $(INSTALLED) ## the heavy proofs in full: generated tables, mutated returns, a year of packs, killed runs, readers during runs
	@LSP_GENERATED=1000 $(PY) -m pytest tests/test_generated_tables.py --timeout 3600
	@LSP_AS_AT_DATES=12 $(PY) -m pytest tests/test_scripted_year.py --timeout 3600
	@LSP_KILLS=200 LSP_PREFECT_KILLS=2 $(PY) -m pytest tests/test_killed_runs.py --timeout 36000
	@LSP_READERS=20 LSP_READ_RUNS=10 $(PY) -m pytest tests/test_open_database.py --timeout 3600
	@$(PY) tools/fuzz.py

look: run ## pictures of all that a run writes, to be looked at: build/look (LibreOffice, poppler, Chromium)
	@$(PY) -m pipelines.cli templates $(LOOK_AT) >/dev/null
	@$(PY) tools/look.py $(LOOK_AT)

sample: $(INSTALLED) ## make the sample workspace in data/raw again
	@$(PY) samples/salford_2004/build.py $(ARGS)

docs: $(INSTALLED) ## docs/lineage.*, sql/lineage.csv and docs/dictionary.html again, from the marts that are there
	@$(PY) tools/lineage.py $(ARGS)
	@$(PY) tools/dictionary.py $(ARGS)

lock: $(UV) ## requirements.lock again from pyproject.toml; newer versions: make lock ARGS=--upgrade
	@$(UV) pip compile pyproject.toml -o requirements.lock --universal --python-version 3.11 --all-extras \
		--no-emit-index-url --no-header --no-annotate --quiet $(ARGS)

wheels: $(INSTALLED) $(UV) ## prove that every line of the lock has a wheel, for each Python and system we name
	@$(PY) tools/wheels.py --uv $(UV) $(ARGS)

$(INSTALLED): $(LOCK_INSTALLED) pyproject.toml
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(LOCK_INSTALLED): requirements.lock
	@command -v '$(PYTHON)' >/dev/null || { \
		echo 'There is no Python called $(PYTHON) here. Install Python 3.11 or newer, or name one: make run PYTHON=python3.12'; exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo '$(PYTHON) is older than Python 3.11, which this needs. Name a newer one: make run PYTHON=python3.12'; exit 1; }
	@# it would be emptied for whoever else uses it
	@[ ! -L '$(VENV)' ] || { \
		echo '$(VENV) is a link to another place, and is left alone. Remove the link, or name another place: VENV=.venv2'; exit 1; }
	@[ ! -d '$(VENV)' ] || [ -e '$(VENV)/pyvenv.cfg' ] || { \
		echo '$(VENV) is there and is no virtual environment, so it is left alone. Move it away, or name another place: VENV=.venv'; exit 1; }
	@echo 'Making $(VENV) from requirements.lock: a minute or two, once.'
	@'$(PYTHON)' -m venv --clear '$(VENV)'
	@# compiling every module of every package takes longer than all else; those that are used compile themselves
	@$(PIP) install --quiet --no-compile --no-deps -r requirements.lock || { \
		echo 'The packages of requirements.lock could not be installed; the lines above say why. If they speak of building or'; \
		echo 'a compiler, $(PYTHON) is newer than the lock knows (3.11 to 3.14): name another, make run PYTHON=python3.13'; exit 1; }
	@touch $@

# uv writes and proves the lock; it runs nothing and so stays out of the lock and of $(VENV).
$(UV):
	@'$(PYTHON)' -m venv --clear build/uv
	@build/uv/bin/python -m pip --disable-pip-version-check --no-input install --quiet uv==0.13.9
