#!/bin/sh
# Names what this machine lacks and the command that installs it: needs.sh PYTHON [browser]
python=${1:-python3}
missing=0

lack() {
    echo "missing: $1" >&2
    echo "  install it with: $2" >&2
    missing=1
}

if ! command -v "$python" >/dev/null 2>&1; then
    lack "Python 3.11 or newer" "sudo apt install python3 python3-venv   (macOS: brew install python@3.12)"
elif ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    lack "Python 3.11 or newer ($("$python" --version) found)" \
        "sudo apt install python3.12 python3.12-venv, then: make PYTHON=python3.12"
elif ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    lack "Python's venv module" "sudo apt install python3-venv"
fi

for tool in cc c++; do
    command -v $tool >/dev/null 2>&1 ||
        lack "a C/C++ compiler ($tool)" "sudo apt install build-essential   (macOS: xcode-select --install)"
done

if [ "$2" = browser ] && [ ! -x /usr/bin/chromium ]; then
    # A bare machine of the tests may install it by itself; a person's is asked.
    if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq && apt-get install -y -qq chromium >/dev/null
    fi
    [ -x /usr/bin/chromium ] ||
        lack "Chromium (for the tests of the page)" "sudo apt install chromium"
fi

exit $missing
