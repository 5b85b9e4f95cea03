#!/usr/bin/env bash
# Write requirements/*.txt anew: every package, its version and the hashes of all its files, for Python 3.11 and later.
# The resolver lives in a throwaway environment outside the checkout, and nothing about this machine or the index
# it asked is written into the lists. Versions move only with --upgrade (make pins UPGRADE=1).
set -euo pipefail
cd "$(dirname "$0")/.."

PYTHON="${1:-python3}"
upgrade=()
if [ -n "${UPGRADE:-}" ]; then upgrade=(--upgrade); fi

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
"$PYTHON" -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet uv

compile() { # list, sources ...
    local list="requirements/$1.txt"
    shift
    "$scratch/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
        "${upgrade[@]}" "$@" --output-file "$list" >/dev/null
    sed -i '/^# Written by/d' "$list"
    sed -i '1i # Written by "make pins" from pyproject.toml and build.in; do not edit.' "$list"
}

# Translation and test agree with run exactly, because they are installed on top of it.
compile build requirements/build.in
compile run pyproject.toml requirements/build.in --constraint requirements/build.txt
compile translation pyproject.toml requirements/build.in --extra translation --constraint requirements/run.txt \
    --override requirements/left-out.in
compile test pyproject.toml requirements/build.in --extra test --extra check \
    --constraint requirements/run.txt --constraint requirements/translation.txt

# Bench has an environment of its own: aiogram holds pydantic back. It starts from translation's versions and keeps what
# it can.
cp requirements/translation.txt requirements/bench.txt
compile bench pyproject.toml requirements/build.in --extra bench --extra translation \
    --override requirements/left-out.in
