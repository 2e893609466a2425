# A fresh machine needs Python 3.11+, make and git; everything else lands in .venv.
UV := .venv/bin/uv
PY := .venv/bin/python
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run example test check fix docs benchmark clean

run: .venv/ready            ## the clinic on this machine, with synthetic people; says where and how to sign in
	@LEVAMEN_SAMPLE=yes LEVAMEN_HTTPS=no $(PY) web/manage.py start

example: .venv/ready        ## assess the example chart in the terminal
	@.venv/bin/levamen assess examples/charts/facet-one-block.yaml

test: .venv/ready           ## every test
	@$(PY) -m pytest -n auto --dist worksteal

check: .venv/ready          ## what a reviewer would ask for: format, lint, types, knowledge
	@$(PY) -m ruff format --check . && $(PY) -m ruff check . && $(PY) -m mypy && .venv/bin/levamen knowledge check

fix: .venv/ready            ## what a machine can mend
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix .

docs: .venv/ready           ## what is generated: manual, knowledge pages, schema, FHIR examples, pictures, README's output
	@$(PY) docs/generate.py && $(PY) docs/knowledge_pages.py
	@$(PY) -m levamen.adapters.chart_schema && $(PY) docs/fhir_examples.py
	@$(PY) docs/body_map.py && $(PY) docs/trends.py
	@$(PY) docs/readme.py

benchmark: .venv/ready      ## all knowledge cold, one patient, forms, a list of 200, a million treatments, a clinic: timed
	@$(PY) benchmarks/cold_start.py && $(PY) benchmarks/one_patient.py && $(PY) benchmarks/forms_and_opioids.py
	@$(PY) benchmarks/night_check.py && $(PY) benchmarks/own_results.py && $(PY) benchmarks/clinic.py

.venv/ready: pyproject.toml uv.lock
	@test -x .venv/bin/python || python3 -m venv .venv
	@test -x $(UV) || .venv/bin/python -m pip install --quiet uv
	@UV_PROJECT_ENVIRONMENT=.venv $(UV) sync --frozen --quiet --inexact --all-extras
	@touch $@

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
