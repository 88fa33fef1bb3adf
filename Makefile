# `make run` and `make test` need nothing but Python 3.11 or newer with venv, git and make.
.DEFAULT_GOAL := help
.PHONY: help setup run demo test check shots bench system-deps client-deps

help:        ## this list
	@sed -n 's/^\([a-z-]*\): .*## \(.*\)/  make \1	\2/p' Makefile | expand -t 22

setup:       ## make .venv ready (all the others do it by themselves)
	@.ci/setup

run: setup   ## open the console; it starts the gateway
	@.venv/bin/llmconsole

demo: setup  ## the console on simulated traffic: no key, no network
	@.venv/bin/llmconsole demo

test: setup  ## all tests; ARGS="-k budgets" for some of them
	@.ci/system-deps --offer
	@.venv/bin/pytest -n auto $(ARGS)

check: setup ## the linters: ruff, mypy, import-linter
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo --no-cache

shots: setup ## make the screenshots anew
	@.venv/bin/python -m tests.screens.shots

bench: setup ## measure the gateway against a direct call and nginx
	@.venv/bin/python -m benchmarks
	@.venv/bin/python -m benchmarks.money
	@.venv/bin/python -m benchmarks.ledger
	@.venv/bin/python -m benchmarks.console

system-deps: ## install the programs that some tests use as real parts
	@.ci/system-deps

client-deps: setup ## install the clients that the tests run: agents and SDKs for Node
	@.ci/client-deps
