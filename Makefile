# Set-up, the local stack, tests and checks. `make help` lists what there is.

SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
UV_VERSION := 0.13.8

UV := .tools/bin/uv
BIN := .venv/bin
SAM := .tools/bin/sam
CODE := layers/shared/python functions tools
LOCAL := $(BIN)/python -m tools.local

# The ports of the local stack.
export DRUMBEAT_PORT ?= 4566
export DRUMBEAT_SMTP_PORT ?= 2525
export DRUMBEAT_DNS_PORT ?= 5300
export DRUMBEAT_IMAP_PORT ?= 1143

# The local stack and some tests call `sam`, and the layer's own Makefile calls `uv`.
export PATH := $(CURDIR)/.tools/bin:$(PATH)
export SAM_CLI_TELEMETRY := 0

.PHONY: help setup demo demo-cadence demo-calls run up down bench bench-batch bench-calls bench-lateness bench-kill test cold soak check costs deploy format format-check lint types imports routes roles template sam-local

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- Set-up: everything below .tools and .venv, nothing outside; instant once done ---

UV_READY := .tools/uv/.installed-$(UV_VERSION)
TOOLS_READY := .tools/sam/.synced .tools/ministack/.synced
VENV_READY := .venv/.synced

setup: $(VENV_READY) $(TOOLS_READY) ## Install the tools and packages into the project's folder

$(UV_READY):
	$(PYTHON) -m venv .tools/uv
	.tools/uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@mkdir -p .tools/bin && ln -sf ../uv/bin/uv .tools/bin/uv
	@touch $@

$(VENV_READY): requirements-dev.txt .python-version $(UV_READY)
	$(UV) venv --quiet --allow-existing .venv
	$(UV) pip sync --quiet --python $(BIN)/python --compile-bytecode --require-hashes requirements-dev.txt
	@touch $@

# Tools that pin versions of their own get environments of their own. Without bytecode SAM starts slowly.
.tools/%/.synced: tools/local/requirements/%.txt .python-version $(UV_READY)
	$(UV) venv --quiet --allow-existing .tools/$*
	$(UV) pip sync --quiet --python .tools/$*/bin/python --compile-bytecode --require-hashes $<
	@ln -sf ../$*/bin/$* .tools/bin/$*
	@touch $@

# --- The local stack ---

demo: setup ## Run one campaign from CSV to mails, answers, bounces and webhooks, on the real template
	@$(LOCAL).demo

demo-cadence: setup ## Run one cadence by MyAgentMail's API, with an app that plays LinkedIn
	@$(LOCAL).demo_cadence

demo-calls: setup ## Call 50 people in 20 groups by 11x's API, with an app that plays a dialler
	@$(LOCAL).demo_calls

run: setup ## Run the local stack in the foreground; Ctrl-C stops it and keeps its state
	@$(LOCAL).stack run

up: setup ## Start the local stack in the background and write .local/env
	@$(LOCAL).stack up

down: $(VENV_READY) ## Stop the local stack and keep its state in .local
	@$(LOCAL).stack down

bench: setup ## Time importing and enrolling 10,000 contacts on the stack that is up
	@set -a && . .local/env && $(LOCAL).bench_enroll $(ARGS)

bench-batch: setup ## Enrol 100,000 people by one batch on the stack that is up, twice, and cancel one in the middle
	@set -a && . .local/env && $(LOCAL).bench_batch $(ARGS)

bench-calls: setup ## Schedule 1,000 calls on the stack that is up, three times, and time the answer and the making
	@set -a && . .local/env && $(LOCAL).bench_calls $(ARGS)

bench-lateness: setup ## Send 1,000 mails over five minutes on the stack that is up, and time each
	@set -a && . .local/env && PYTHONPATH=layers/shared/python $(LOCAL).bench_lateness $(ARGS)

bench-kill: setup ## Kill the send workers 20 times on the stack that is up, and count the mails (a quarter of an hour)
	@set -a && . .local/env && PYTHONPATH=layers/shared/python $(LOCAL).kill_workers $(ARGS)

# --- Tests and checks ---

test: setup ## Run the tests (ARGS="-k name" picks some)
	@$(BIN)/python -m pytest -n 2 --dist loadscope $(ARGS)

sam-local: setup ## Call every function under `sam local`, in processes and, where Docker can run, in containers
	@PYTHONPATH=layers/shared/python $(BIN)/python -m tools.sam_local $(ARGS)

cold: setup ## Count what each function imports when it is started anew, and write docs/cold-starts.md
	@PYTHONPATH=layers/shared/python $(BIN)/python -m tools.cold_starts

soak: setup ## Run seeded schedules, a million of mails, 100,000 of calls, in three hours; one cut off goes on (ARGS="--world calls --seeds 10000")
	@PYTHONPATH=layers/shared/python $(BIN)/python -m tests.simulation.soak $(ARGS)

check: format-check lint types imports template test ## Everything: format, lint, types, imports, template, tests

format: $(VENV_READY) ## Format the code and put right what ruff can
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

format-check: $(VENV_READY) ## Check the format
	@$(BIN)/ruff format --check .

lint: $(VENV_READY) ## Lint the code
	@$(BIN)/ruff check .

types: $(VENV_READY) ## Check the types
	@$(BIN)/mypy $(CODE)

imports: $(VENV_READY) ## Check who imports whom
	@PYTHONPATH=layers/shared/python $(BIN)/lint-imports

roles: $(VENV_READY) ## Write the functions' roles into the template, from what the last tests saw called
	@$(BIN)/python -m tools.roles

routes: $(VENV_READY) ## Write the API's routes into the template, from its functions' descriptions
	@$(BIN)/python -m tools.routes

costs: $(VENV_READY) ## Count what work takes, and write from it and the list prices what a million of it costs
	@PYTHONPATH=layers/shared/python $(BIN)/python -m tests.costs
	@PYTHONPATH=layers/shared/python $(BIN)/python -m tools.costs_page

deploy: setup ## Build and deploy to AWS: ENV=dev or ENV=prod (PARAMETERS="AlarmEmail=you@example.com", ARGS=--yes)
	@$(BIN)/python -m tools.deploy $(ENV) --set $(PARAMETERS) $(ARGS)

template: setup ## Lint the template
	@$(BIN)/cfn-lint template.yaml deploy/oidc-role.yaml
	@AWS_DEFAULT_REGION=us-east-1 $(SAM) validate --lint
