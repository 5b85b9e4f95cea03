#!/usr/bin/env bash
# Make the virtual environment named by the first argument, anew, with Python 3.11 or a later python3.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'townbell: %s\n' "$*" >&2; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

python=""
for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3; do
    if new_enough "$candidate"; then
        python="$candidate"
        break
    fi
done
if [ -z "$python" ]; then
    say "Python 3.11 or later is needed and was not found. Install it (Debian: apt-get install python3 python3-venv)," \
        "or name one: make PYTHON=/path/to/python3.12"
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version="$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
    say "$python cannot make virtual environments: its venv module is not complete." \
        "Install it (Debian: apt-get install python$version-venv) and try again."
    exit 1
fi
"$python" -m venv --clear "$1"
