# The course in six commands: book, live, test, serve, notebooks, clean. Each sets up $(VENV) first, once.
PYTHON ?= python3
TORCH_INDEX ?= $(shell sed -n "s/^--extra-index-url //p" .binder/requirements.txt)
VENV ?= .venv
BIN := $(VENV)/bin
STRICT := -W -n --keep-going

.PHONY: book live test serve notebooks rehearse-binder lock clean

book: $(VENV)/.ready  ## the site, in _build/html
	$(BIN)/jupyter-book build . $(STRICT)

live: book  ## the site in a browser, its cells running on this machine
	$(BIN)/python tools/live.py

test: $(VENV)/.ready  ## the code, the twins (nbval), the build
	$(BIN)/pytest

serve: $(VENV)/.ready  ## the site in a browser, rebuilt and reloaded on every change
	$(BIN)/jupyter-book config sphinx .
	PYTHONPATH=book/_extensions $(BIN)/sphinx-autobuild . _build/html -d _build/.doctrees --watch code --re-ignore "/(_build|notebooks|node_modules|\\.git|\\.venv)/" --open-browser

notebooks: $(VENV)/.ready  ## the executed twins of the pages, in notebooks/
	$(BIN)/jupyter-book build . $(STRICT) --builder custom --custom-builder twins

rehearse-binder: $(VENV)/.ready  ## what Binder does for a reader, on this machine, without Docker: five minutes at most
	$(BIN)/python tools/rehearse_binder.py

lock: $(VENV)/.ready  ## constraints.txt, from requirements.txt
	grep -v '^-c ' requirements.txt | $(BIN)/uv pip compile - --upgrade --universal --python-version 3.11 --no-header --no-annotate --no-emit-package linear-regression-course -o constraints.txt

clean:  ## what was built; .venv and node_modules stay
	rm -rf _build conf.py

$(VENV)/.ready: requirements.txt constraints.txt code/pyproject.toml tools/setup_env.py
	$(PYTHON) tools/setup_env.py $(VENV) --torch-index $(TORCH_INDEX)
