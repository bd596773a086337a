# Each target is one line that calls a script or the command line of mtenvs. `make demo` and `make test` are all that a newcomer needs.
.PHONY: demo test test-all lint bench docs clean setup

demo: setup ## play every environment; writes demo/
	@.venv/bin/mtenvs demo

test: setup ## the quick tests, under 15 minutes on two cores
	@scripts/test fast

test-all: setup ## the slow tests too
	@scripts/test all

lint: setup ## style, format, types, generated parts of the README
	@scripts/lint

bench: setup ## every benchmark, in one table; ARGS=--quick takes a few minutes less
	@.venv/bin/python scripts/bench.py $(ARGS)

docs: setup ## rewrite the generated parts of the README
	@.venv/bin/python scripts/docs.py

clean: ## remove what can be made again, but not .venv
	@scripts/clean

setup:
	@scripts/setup
