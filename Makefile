# Every target is one line of help away: `make help`.
PYTHON ?= python3
PORT ?= 8000
DEMO ?= 1
export PORT DEMO
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi

.DEFAULT_GOAL := help
.PHONY: help run install install-dev test lint bench screenshots demo lock vendor clean faults-web faults-worker mailbox audit-tamper fuzz security throttle xss uploads twin pii ledger

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: install ## install, prepare instance/, fill it with the demo year once, start web and worker
	@$(BIN)/python -m portal.run

install: .venv/.installed ## the .venv with the locked dependencies
install-dev: .venv/.installed-dev

.venv/.installed: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.installed

test: install-dev ## everything CI checks: lint, types, contracts, tests on SQLite and PostgreSQL, a real browser
	@$(BIN)/python -m tests.support.check

.PHONY: hours
MOMENTS := 2026-12-31T23:20 2027-01-31T22:40 2027-03-28T00:40 2027-10-31T00:40
hours: install-dev ## the tests without a browser as if it were New Year, a month's end, and both nights the clocks change
	@for moment in $(MOMENTS); do echo "as if it were $$moment in UTC"; \
		$(BIN)/python -m pytest -q -n auto -m "not browser" --ignore tests/faults --as-if $$moment || exit 1; done

.PHONY: matrix
matrix: install-dev ## ask every route and policy as everybody, and drop every check once; prints one line of figures
	@$(BIN)/python -m tests.security

lint: install-dev ## format, lint, types, import contracts, template lint
	@$(BIN)/python -m tests.support.check lint

fuzz: install-dev ## 100,000 hostile requests against both databases at once; prints one line of figures
	@$(BIN)/python -m tests.fuzz

security: install-dev ## write docs/security.md: every threat with its control and its tests
	@$(BIN)/python tools/security.py

xss: install-dev ## hostile text in every field and on every page, in a real browser; prints one JSON line
	@$(BIN)/python -m tests.xss

uploads: install-dev ## send every hostile file there is, and judge what becomes of it; prints one JSON line
	@$(BIN)/python -m tests.attachments

bench: install-dev ## measure the pages; prints a table, writes instance/bench.json
	@$(BIN)/python -m tests.bench

twin: install-dev ## two worlds with another author of an anonymous idea: nothing may tell them apart
	@$(BIN)/python -m tests.twin

screenshots: install-dev ## every page, phone and desktop, light and dark, under instance/screenshots/
	@$(BIN)/python -m tests.browser.screenshots

throttle: install-dev ## measure guessing passwords, links and accounts; prints one line of JSON
	@$(BIN)/python -m tests.security.throttle

faults-web: install-dev ## kill the web 200 times under writers; ARGS="--database postgresql", ARGS="--fault restart --faults 20"
	@$(BIN)/python -m tests.faults.web_kills $(ARGS)

faults-worker: install-dev ## kill the worker 200 times in 10,000 events; ARGS="--database postgresql --queue redis"
	@$(BIN)/python -m tests.faults.worker_kills $(ARGS)

mailbox: install ## every letter of the past as files under instance/mailbox/
	@$(FLASK) notifications mailbox instance/mailbox

vendor: install-dev ## fetch the vendored front-end files again and check their hashes
	@$(BIN)/python tools/vendor.py

lock: install-dev ## recompile the locked requirements from setup.cfg
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet --extra learn setup.cfg -o requirements.txt
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet --extra learn --extra dev setup.cfg -o requirements-dev.txt

audit-tamper: install-dev ## a thousand random tamperings with the audit log on each database, every one to be found
	@$(BIN)/python -m tests.audit.tampering

.PHONY: router
router: install-dev ## five folds of the learned router on every file of real data; prints JSON
	@$(BIN)/python -m tests.bench.router

pii: install-dev ## ten thousand card numbers in twelve disguises through every text column, then a raw scan of the files
	@$(BIN)/python -m tests.privacy.campaign

ledger: install-dev ## ten thousand random steps of awards, orders, refunds and attacks on the ledger, on each database
	@$(BIN)/python -m tests.rewards.long_ledger

.PHONY: sweep
sweep: install-dev ## sweep 20,000 open clocks on each database; prints one line of JSON for each
	@$(BIN)/python -m tests.triage.sweep
