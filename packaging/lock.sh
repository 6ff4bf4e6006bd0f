#!/bin/sh
# Write the two lock files from what is installed in .venv: all of it (development), and what `fias` alone needs.
set -eu
python="${VENV:-.venv}/bin/python"
"$python" -m pip freeze --exclude-editable --exclude fias-desktop | sed 's/+cpu$//' > requirements-dev.lock
"$python" packaging/runtime_lock.py requirements-dev.lock > requirements.lock
