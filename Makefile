# make run    set up whatever is missing, then serve the page
# make test   set up, then run every test
# make check  formatting, lint, types, layers
# make bench  measure everything on this machine (an hour or more): build/bench.md
# make docs   write the reference anew and build the handbook: build/site/index.html
# Everything lies in .venv; model files are shared by all checkouts (assistant models list).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check format bench docs lock screenshots clean
.DEFAULT_GOAL := run

run: $(VENV)/.installed $(VENV)/.models $(VENV)/.seeded
	@$(BIN)/assistant serve $(SERVE)

test: $(VENV)/.installed-dev $(VENV)/.models $(VENV)/.test-models
	$(BIN)/python -m pytest $(PYTEST)

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Nothing else should be at work meanwhile. BENCH="--only start" and so on passes options on.
bench: $(VENV)/.installed-dev $(VENV)/.models
	$(BIN)/python bench/measure.py $(BENCH)

# The handbook must not make a browser ask other hosts for anything.
docs: $(VENV)/.installed-docs
	$(BIN)/python tools/reference.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	! grep -rnE '<(script|link|img|iframe)[^>]* (src|href)="?(https?:)?//' build/site --include='*.html'
	@echo "The handbook is in build/site/index.html"

# Every state of the page, light and dark, wide and narrow; the README shows some of them.
SHOWN := answer-wide-light.png refusal-wide-dark.png citation-narrow-light.png
screenshots: $(VENV)/.installed-dev
	$(BIN)/python tests/browser/screenshots.py build/screenshots
	cd build/screenshots && cp $(SHOWN) ../../docs/screenshots/

# The needs of a machine are looked at before anything is downloaded.
$(VENV)/.created:
	@sh tools/needs.sh $(PYTHON)
	@echo "Creating the environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@touch $@

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/.created
	@echo "Installing (llama.cpp is compiled for this machine: about 6 minutes on 2 cores, once) …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.installed-docs: requirements-docs.lock $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-docs.lock
	@touch $@

$(VENV)/.models: | $(VENV)/.installed
	@$(BIN)/assistant models pull
	@touch $@

# The tests of the machinery use a tiny model beside the default one, and a real browser.
$(VENV)/.test-models: | $(VENV)/.installed-dev
	@sh tools/needs.sh $(PYTHON) browser
	@$(BIN)/assistant models pull smollm2-135m
	@touch $@

$(VENV)/.seeded: | $(VENV)/.models
	@$(BIN)/assistant add seeds/articles
	@touch $@

lock:
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --quiet \
	  --generate-hashes --no-emit-index-url --no-header -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --quiet --extra dev \
	  --generate-hashes --no-emit-index-url --no-header -c requirements.lock -o requirements-dev.lock
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --quiet --extra docs \
	  --generate-hashes --no-emit-index-url --no-header -c requirements.lock -c requirements-dev.lock -o requirements-docs.lock

clean:
	rm -rf $(VENV) dist build
