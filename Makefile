# The front door: `make` alone lists what there is.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory

# The controller's tools come first.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
# As in scripts/lib.sh.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/.cache/bytecode

export MODELS_DIR PHOTOS_DIR PROBE_DIR FACES_DIR

INVENTORY ?= inventories/local

.PHONY: help
help: ## This list
	@printf 'make TARGET, where TARGET is one of\n\n'
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-13s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@printf '\n  demo:  MODELS_DIR=models PHOTOS_DIR=photos [PROBE_DIR=photos]   a folder of photos per person\n'
	@printf '  test:  MODELS_DIR=models FACES_DIR=faces                         default: ../shared, where it exists\n'
	@printf '  build, deploy: [MODELS_DIR=models] [INVENTORY=inventories/unraid] [ARGS="--check --diff"]\n'

.PHONY: demo
demo: ## Build, make a database from photos, deploy here, and name the people in other photos
	scripts/demo.sh

# The embedded default builds on a base that this machine makes; a server's inventory names its own.
base = $(if $(findstring inventories/local,$(INVENTORY)),scripts/base-image.sh >/dev/null)
# Nothing travels to this machine's own engine.
carrier = $(if $(findstring inventories/local,$(INVENTORY)),,scripts/carrier.sh)
models = $(if $(MODELS_DIR),-e models_dir='$(MODELS_DIR)')

.PHONY: build
build: engine environment ## Build the image
	$(base)
	ansible-playbook -i $(INVENTORY) playbooks/build.yml $(models) $(ARGS)

.PHONY: deploy
deploy: engine environment ## Build the image and deploy it to INVENTORY (this machine by default)
	$(base)
	$(carrier)
	ansible-playbook -i $(INVENTORY) playbooks/deploy.yml $(models) $(ARGS)

.PHONY: test
test: ## The whole suite
	scripts/test.sh lint app repository image end_to_end roles unraid

.PHONY: lint
lint: ## Every linter and the type checker
	scripts/test.sh lint

.PHONY: test-app
test-app: ## The sidecar's own tests
	scripts/test.sh app

.PHONY: test-roles
test-roles: ## The roles' Molecule scenarios, on real engines
	scripts/test.sh roles

.PHONY: test-unraid
test-unraid: ## Deployments to a server like unRAID, and the faults that it may have
	scripts/test.sh unraid

.PHONY: test-image
test-image: ## What the image holds, and what it does not
	scripts/test.sh image

.PHONY: test-e2e
test-e2e: ## Build, deploy, identify, redeploy, refuse: end to end on this machine's engine
	scripts/test.sh end_to_end

.PHONY: lock
lock: environment ## Write the hashed locks of all pyproject.toml files
	scripts/lock.sh

.PHONY: upgrade
upgrade: environment ## As lock, with the newest versions of everything
	scripts/lock.sh --upgrade

.PHONY: engine
engine: ## Bring up a Docker engine if none answers
	scripts/engine.sh

.PHONY: environment
environment: ## Make the controller's Python environment, .venv
	scripts/environment.sh

.PHONY: clean
clean: ## Remove environments, caches and reports (models and local data stay)
	rm -rf .venv app/.venv .cache/reports .cache/logs .cache/bytecode .ansible
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
