# Everything runs from here. Nothing but Python >= 3.11 and make is presupposed: the first target that needs
# it builds .venv (with uv inside) from uv.lock, and node comes from a PyPI wheel.

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
PY := $(BIN)/python
SYNCED := .venv/.synced
NODE_SYNCED := tests/node/node_modules/.synced
WAIT_SCALE ?= 1
STAGE ?= dev
ARGS ?=
QUEUE ?=
export WAIT_SCALE STAGE
export UV_PROJECT_ENVIRONMENT := .venv
export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION := 1

.PHONY: help run test test-fast lint types format synth deploy redrive bench reproject goldens docs coverage token clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: $(SYNCED) ## install, start the local stack, deploy, serve http://localhost:3017 (WAIT_SCALE=0.01 shortens timers)
	@exec $(PY) -m infra.local.serve

token: $(SYNCED) ## print a fresh token, and nothing else (ARGS="--permission task:read --subject ada")
	@$(PY) -m infra.local.token $(ARGS)

test: $(SYNCED) $(NODE_SYNCED) ## every test
	@$(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

test-fast: $(SYNCED) ## the tests that need no running stack
	@$(PY) -m pytest -n 2 -m "not stack" $(ARGS)

lint: $(SYNCED) types ## ruff, import rules and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports --no-cache

types: $(SYNCED) ## pyright, strict
	@$(BIN)/pyright

format: $(SYNCED) ## sort imports and format
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format -q .

synth: $(SYNCED) ## write the CloudFormation templates to cdk.out
	@$(PY) -m infra.app

deploy: $(SYNCED) $(NODE_SYNCED) ## deploy to the AWS account of the current credentials (STAGE=prod)
	@$(PY) -m infra.node tests/node/node_modules/aws-cdk/bin/cdk deploy --all --app "$(PY) -m infra.app" $(ARGS)

redrive: $(SYNCED) ## move dead messages back to their queue (QUEUE=webhook-delivery)
	@$(PY) -m infra.redrive $(QUEUE)

bench: $(SYNCED) $(NODE_SYNCED) ## measure: compiler, cold imports, requests, end to end, events to webhooks
	@$(PY) -m benchmarks $(ARGS)

reproject: $(SYNCED) ## count the statistics anew from the event log (AWS_ENDPOINT_URL=http://localhost:4566 for the local stack)
	@$(PY) -m orchestrator.workers.reproject

goldens: $(SYNCED) ## rewrite the golden state machines
	@$(PY) -m tests.compiler.golden.rewrite

coverage: $(SYNCED) $(NODE_SYNCED) ## try every real file beside the checkout, and write what became of it to docs/
	@$(PY) -m tests.execution.machines.corpus_table

docs: $(SYNCED) ## rewrite the generated pages of docs/
	@$(PY) -m infra.docs

clean: ## forget the local stack's state and everything built
	@rm -rf .local .build cdk.out .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist

$(SYNCED): uv.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python >= 3.11 is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/uv || { $(PYTHON) -m venv .venv && $(PY) -m pip install -q --disable-pip-version-check uv==$(UV_VERSION) ; } 1>&2
	@$(BIN)/uv sync -q --frozen --inexact 1>&2
	@touch $@

$(NODE_SYNCED): tests/node/package-lock.json $(SYNCED)
	@$(PY) -m infra.node npm ci --prefix tests/node --silent --no-audit --no-fund 1>&2
	@touch $@
