# `make lab` opens the course, `make test` proves it. Everything else is a convenience.
# PYTHON=python3.12 chooses the Python that .venv is made with; PORT=8900 the port of JupyterLab.

PY := .venv/bin/python

# A shell that forbids Python to keep what it has compiled would have every process of ours, and the
# tests start hundreds, compile its packages again.
unexport PYTHONDONTWRITEBYTECODE

# What someone has told every Python of theirs is not meant for the course's: a json.py on PYTHONPATH
# would be imported in place of Python's own. And files are in UTF-8, whatever the locale says.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONWARNINGS PYTHONOPTIMIZE PYTHONINSPECT PYTHONUSERBASE
export PYTHONUTF8 := 1
export PYTHONNOUSERSITE := 1

.DEFAULT_GOAL := help
.PHONY: help course setup lab reset test check lint conventions proof proof-full bench bench-suite bench-sliders bench-site notebooks site lock clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

# The first Python that runs at all may start the bootstrap; it then looks for one that is new enough.
define bootstrap
	@for python in $(PY) python3 python python3.14 python3.13 python3.12 python3.11; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null; then \
	    exec "$$python" -m tools.bootstrap $(1); \
	  fi; \
	done; \
	echo "Python 3.11 or newer is needed, and none was found here: install one from python.org or your system's packages." >&2; \
	exit 1
endef

course:  ## make .venv with what the course needs, if it is not up to date
	$(call bootstrap)

setup:  ## the same with what the tests need besides
	$(call bootstrap,--tests)

lab: course  ## open the course in JupyterLab, in your own copy of the notebooks
	@$(PY) -m tools.lab

reset: course  ## start with a fresh copy of the notebooks; the old one is kept
	@$(PY) -m tools.lab --reset

test: lint conventions  ## run every test, and all that is needed for it
	@$(PY) -m tools.browser
	@echo "Running the tests."
	@$(PY) -m pytest -q -n 2 --durations=10

check: setup  ## the loop before each commit: a part of the tests for each kind of slip (1 minute)
	@$(PY) -m tools.browser
	@$(PY) -m tools.check

lint: setup  ## check style, format and types
	@echo "Checking style, format and types."
	@$(PY) -m ruff check --quiet
	@$(PY) -m ruff format --check --quiet
	@$(PY) -m mypy

conventions: setup  ## ask the tools of the ecosystem whether the repository keeps their conventions
	@$(PY) -m tools.conventions

proof: setup  ## measure how right the package is, and write docs/proof.md (4 minutes)
	@$(PY) -m tools.proof

proof-full: setup  ## the same with the long sweeps (as long as it takes)
	@$(PY) -m tools.proof --full

bench: setup  ## measure how fast it is beside other packages, and write docs/bench.md (10 minutes)
	@$(PY) -m tools.browser
	@$(PY) -m benchmarks

# BASE=185 says how many seconds everything but the browser takes at commit 54e3702 on this machine.
bench-suite: setup  ## measure how long the tests take, part by part, for docs/bench.md (as long as they take)
	@$(PY) -m tools.browser
	@$(PY) -m benchmarks suite

bench-sliders: setup  ## measure how quickly each demo answers a key, for README.md (15 minutes)
	@$(PY) -m tools.browser
	@$(PY) -m benchmarks.sliders

bench-site: setup  ## measure the course in a browser without a server, for docs/site.md (5 minutes)
	@$(PY) -m tools.browser
	@$(PY) -m benchmarks.site

notebooks: setup  ## run each notebook, store it in its normal form, and count them in README.md
	@$(PY) -m tools.notebooks
	@$(PY) -m tools.readme

site: setup  ## make the site in _site/: pages of the notebooks, and JupyterLite that runs them
	@$(PY) -m tools.site

# One resolution: the second file is the part of the first that the course needs. With their extras,
# because pip before 23.3 does not see that name[extra] is the pinned name.
PIN := $(PY) -m uv pip compile --quiet --upgrade --universal --no-strip-extras --generate-hashes \
  --no-header --no-annotate --python-version 3.11 pyproject.toml --output-file

lock: setup  ## pin the newest versions that pyproject.toml allows
	$(PIN) requirements.lock --all-extras
	$(PIN) requirements-lab.lock --extra lab --extra build --constraint requirements.lock

clean:  ## remove .venv and caches; your own notebooks stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis _site dist
	find benchmarks nnmath proof tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
