.DEFAULT_GOAL := help
.PHONY: help build demo fleet bench bench-operator bench-warmup consistency consistency-mutations cluster-up cluster-down test e2e lint

CONFIGURATION ?= Release
DOTNET_RUN := dotnet run -c $(CONFIGURATION) -v quiet --project

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build everything
	dotnet build CacheOperator.sln -c $(CONFIGURATION) -v quiet --nologo

demo: ## From nothing to a three-zone cluster whose cache survives the loss of a node (ARGS="--help" for options)
	@$(DOTNET_RUN) tests/Demo -- $(ARGS)

fleet: ## Real memcached processes and proxies on this machine: ZONES=3, SHARDS=1, PROXIES=3, MEMORY=64 MiB each; Ctrl-C removes them
	@dotnet build tests/Fleet -c $(CONFIGURATION) -v quiet --nologo -clp:NoSummary >&2
	@exec tests/Fleet/bin/$(CONFIGURATION)/net10.0/fleet --zones $(or $(ZONES),3) --shards $(or $(SHARDS),1) --proxies $(or $(PROXIES),3) --memory $(or $(MEMORY),64)

bench: ## Compare the proxy with memcached, twemproxy and memcached's built-in proxy (ARGS="--quick", "--help" for more)
	@$(DOTNET_RUN) tests/Benchmarks -- $(ARGS)

bench-operator: ## Measure the operator with 1,000 caches on a real API server (ARGS="--caches 100", "--help" for more)
	@$(DOTNET_RUN) tests/OperatorBenchmark -- $(ARGS)

bench-warmup: ## Measure how a member is filled, and a node's loss with and without that (ARGS="--quick", "--only loss", "--items 10000000", "--help")
	@$(DOTNET_RUN) tests/WarmUpBenchmarks -- $(ARGS)

consistency: ## Check what clients read while everything fails: SECONDS=60 SEED=.. WITHOUT=verification|order-rule|tombstones|hints|incarnation-check
	@dotnet build tests/Consistency -c $(CONFIGURATION) -v quiet --nologo -clp:NoSummary >&2
	@exec tests/Consistency/bin/$(CONFIGURATION)/net10.0/consistency --seconds $(or $(SECONDS),60) $(if $(SEED),--seed $(SEED)) $(if $(WITHOUT),--without $(WITHOUT))

consistency-mutations: ## Show that the checker notices each safeguard that is left out: SECONDS=900 at most for each
	@dotnet build tests/Consistency -c $(CONFIGURATION) -v quiet --nologo -clp:NoSummary >&2
	@for safeguard in verification order-rule tombstones hints incarnation-check; do \
		echo "== without $$safeguard"; \
		tests/Consistency/bin/$(CONFIGURATION)/net10.0/consistency --seconds $(or $(SECONDS),900) --without $$safeguard --max-violations 1; \
		[ $$? -eq 1 ] || { echo "nobody noticed that $$safeguard was left out"; exit 1; }; \
	done

cluster-up: ## Start the local Kubernetes cluster: ZONES=3, NODES=2 per zone
	@$(DOTNET_RUN) tests/LocalCluster -- up --zones $(or $(ZONES),3) --nodes-per-zone $(or $(NODES),2)

cluster-down: ## Remove the local Kubernetes cluster
	@$(DOTNET_RUN) tests/LocalCluster -- down

test: ## Run every test, unit, integration and cluster, but the long ones of the cluster
	@tests/run

e2e: ## Run the cluster tests only, the long ones too; KUBECONFIG=... takes an existing cluster
	@tests/run Cluster

lint: ## Check code style
	dotnet format CacheOperator.sln --verify-no-changes
