# Two words matter: `make demo` and `make test`. Both set up what they need; a second run is quick.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test later lint bench browser lock schemas clean

$(VENV)/.ready: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing what requirements.lock pins (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(VENV)/.ready
	@$(BIN)/python tests/demo.py

lint: $(VENV)/.ready
	$(BIN)/ruff format --check reconciler tests
	$(BIN)/ruff check reconciler tests
	$(BIN)/mypy

test: lint
	$(BIN)/pytest -n 2 --dist loadfile
	@$(MAKE) --no-print-directory later

# The main jobs once more as they will be in 460 days, far from UTC, without a UTF-8 locale:
# nothing is only right for a while, or here. (DAYS=93 TESTS=tests/e2e and the like: more of it.)
DAYS ?= 460
later: $(VENV)/.ready
	TESTS_DAYS_LATER=$(DAYS) PYTHONPATH=$(CURDIR)/tests/later TZ=Pacific/Auckland LANG=C LC_ALL=C \
		$(BIN)/pytest -n 2 --dist loadfile $(or $(TESTS),tests/e2e/test_apply.py tests/e2e/test_plan.py tests/e2e/test_readme.py)

bench: $(VENV)/.ready
	$(BIN)/python -m tests.bench

# Opens every HTML report in the headless Chromium or Chrome of this machine.
browser: $(VENV)/.ready
	@$(BIN)/python -m tests.browser.check_html

lock:
	$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet uv
	$(VENV)-lock/bin/uv pip compile pyproject.toml --extra dev --generate-hashes --universal \
		--python-version 3.11 --no-header --quiet -o requirements.lock
	printf 'hatchling\n' | $(VENV)-lock/bin/uv pip compile pyproject.toml - --generate-hashes --universal \
		--constraint requirements.lock --python-version 3.11 --no-header --no-annotate --quiet -o action.lock
	rm -rf $(VENV)-lock

# What the types of plans, receipts and journals, and the table of operators, say to other programs.
schemas: $(VENV)/.ready
	$(BIN)/python -m reconciler.state.schemas schemas
	$(BIN)/python -m tests.schemas

clean:
	rm -rf $(VENV) .reconcile .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
