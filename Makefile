# Two commands matter: `make serve` and `make test`. Both set up all they need.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
EDITOR_FOLDER := api/reformgraph/web/pages/static/editor
EDITOR_SCRIPT := $(EDITOR_FOLDER)/yasgui.min.js
AXE := .venv/axe/axe.min.js
LOOKED := ontology data/ttl shapes queries
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# What is installed with npm comes after npm.
.NOTPARALLEL:

.PHONY: help serve test check format validate verify build bench picture clean

help: ## Show these targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

serve: .venv/runtime $(EDITOR_SCRIPT) ## Build the release and serve it (HOST=, PORT=)
	@exec $(BIN)/reformgraph serve --host $(HOST) --port $(PORT)

test: .venv/test .venv/npm $(EDITOR_SCRIPT) $(AXE) .venv/browser .venv/java .venv/virtuoso .venv/tools .venv/comunica ## Run every test, with a table of skips at the end
	$(BIN)/python -m pytest -n auto --dist loadfile

check: .venv/test ## Format, lint, types, Turtle and query look; writes nothing
	$(BIN)/ruff format --check --no-cache api tests
	$(BIN)/ruff check --no-cache api tests
	$(BIN)/mypy --cache-dir=/dev/null
	$(BIN)/reformgraph format --check $(LOOKED)

format: .venv/test ## Give Python, Turtle and query files their one look
	$(BIN)/ruff format api tests
	$(BIN)/ruff check --fix api tests
	$(BIN)/reformgraph format $(LOOKED)

validate: .venv/runtime ## Check the graph against the shapes
	$(BIN)/reformgraph validate

verify: .venv/runtime ## Hold spans and figures against the texts (SOURCES=)
	$(BIN)/reformgraph verify --sources $(or $(SOURCES),../shared/sources)

build: .venv/runtime ## Build the release
	$(BIN)/reformgraph build

bench: .venv/test .venv/peers ## Measure beside the peers and make the tables of the docs (needs wrk, some 40 minutes)
	$(BIN)/python bench/speed.py --rdflib-python .venv/peers/bin/python
	$(BIN)/python bench/resources.py
	$(BIN)/python bench/validation.py
	$(BIN)/python bench/table.py > docs/reference/speed.md
	$(BIN)/python bench/validationtable.py > docs/reference/validation-speed.md

picture: .venv/test .venv/browser ## Take the README's picture anew
	PICTURE=$(CURDIR)/docs/images/claim-card.png $(BIN)/python -m pytest tests/pages/test_browser.py

clean: ## Remove what was installed and built
	rm -rf .venv .cache $(EDITOR_FOLDER)

.venv/runtime: requirements/runtime.txt requirements/build.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing reformgraph" >&2
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test: requirements/test.txt .venv/runtime
	@echo "installing the tools for tests and checks" >&2
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/test.txt
	@touch $@

# The SPARQL editor, where npm is at hand; elsewhere its page has a plain form.
$(EDITOR_SCRIPT): requirements/npm.txt requirements/install-editor.sh requirements/unpack-npm.sh | .venv/runtime
	@PYTHON=$(BIN)/python sh requirements/install-editor.sh $(EDITOR_FOLDER)

# Debian's Chromium and a Chinese font, where packages can be installed; elsewhere the browser tests say so.
.venv/browser: tests/install-browser.sh .venv/test
	@sh tests/install-browser.sh
	@touch $@

# npm for the three that need it, where packages can be installed; `make serve` takes it only where it is.
.venv/npm: tests/install-npm.sh .venv/test
	@sh tests/install-npm.sh
	@touch $@

# axe-core for the tests of accessibility, where npm is at hand; elsewhere they say so.
$(AXE): tests/install-axe.sh requirements/npm-test.txt requirements/unpack-npm.sh .venv/test
	@PYTHON=$(BIN)/python sh tests/install-axe.sh $(@D)

# A Java runtime for the reasoner HermiT, where packages can be installed; elsewhere its tests say so.
.venv/java: tests/install-java.sh .venv/test
	@sh tests/install-java.sh
	@touch $@

# Virtuoso 7 for the tests of stores, where packages can be installed; elsewhere its tests say so.
.venv/virtuoso: tests/install-virtuoso.sh .venv/test
	@sh tests/install-virtuoso.sh
	@touch $@

# The tools of the how-to pages (R, LibreOffice, Jena, …), where packages can be installed; elsewhere their tests say so.
.venv/tools: tests/install-tools.sh .venv/test
	@sh tests/install-tools.sh
	@touch $@

# Comunica for the test of its how-to page, where npm is at hand; elsewhere the test says so.
.venv/comunica: tests/install-comunica.sh requirements/comunica/package-lock.json .venv/test
	@sh tests/install-comunica.sh $@
	@touch $@

# rdflib-endpoint for `make bench`, in an environment of its own.
.venv/peers: requirements/bench.txt .venv/runtime
	@$(PYTHON) -m venv $@
	@$@/bin/python -m pip install --quiet --require-hashes -r requirements/bench.txt
	@touch $@
