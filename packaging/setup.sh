#!/bin/sh
# Prepare what `make run` (argument: run) or `make test` (argument: dev) needs: Debian packages, .venv, pinned packages.
set -eu
kind=$1
venv=${VENV:-.venv}
say() { printf 'fias: %s\n' "$*" >&2; }

packages="libgl1 libglib2.0-0 libxkbcommon0 libegl1 libfontconfig1 libdbus-1-3 libxkbcommon-x11-0 libxcb-cursor0
libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libgomp1 libpulse0 fonts-dejavu-core fonts-noto-cjk
libspeechd2 speech-dispatcher speech-dispatcher-espeak-ng python3-venv build-essential cmake ninja-build"
[ "$kind" = dev ] && packages="$packages xvfb xauth"

installed() {
    # A package counts when it, or what replaced it (libglib2.0-0t64), is installed.
    dpkg-query -W -f '${Status}\n' "$1" "$1t64" 2>/dev/null | grep -q 'install ok installed'
}

if command -v dpkg-query >/dev/null 2>&1; then
    missing=""
    for package in $packages; do installed "$package" || missing="$missing $package"; done
    if [ -n "$missing" ]; then
        if [ "$(id -u)" = 0 ]; then
            say "installing the system packages$missing"
            apt-get update -qq
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
        else
            say "some system packages are missing. Install them with this line and start again:"
            say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing"
            exit 1
        fi
    fi
fi

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; }

stamp="$venv/.ready-$kind"
wanted=$(cat requirements.lock requirements-dev.lock pyproject.toml packaging/setup.sh | cksum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then exit 0; fi

if [ ! -x "$venv/bin/python" ]; then
    python=""
    for candidate in ${PYTHON:-} python3.12 python3.11 python3; do
        if fits "$candidate"; then python=$candidate; break; fi
    done
    if [ -z "$python" ]; then
        found=$(python3 --version 2>&1 || true)
        say "Python 3.11 or 3.12 is needed (mediapipe has no build for others); found: ${found:-none}."
        say "Install one (on Debian 12: apt-get install python3.11 python3.11-venv) or name it: make run PYTHON=/path/to/python3.12"
        exit 1
    fi
    say "making $venv with $($python --version)"
    "$python" -m venv "$venv"
fi

pip() {
    if ! "$venv/bin/python" -m pip --disable-pip-version-check "$@"; then
        say "the packages could not be installed (the reason stands above). Check the network and the disk, then start again."
        exit 1
    fi
}
export CMAKE_BUILD_PARALLEL_LEVEL="${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc 2>/dev/null || echo 2)}"
if [ -z "${CMAKE_ARGS:-}" ]; then
    CMAKE_ARGS="-DLLAVA_BUILD=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_SERVER=OFF -DGGML_NATIVE=OFF"
    case "$(uname -m)" in
        x86_64) CMAKE_ARGS="$CMAKE_ARGS -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON -DGGML_BMI2=ON" ;;
    esac
    export CMAKE_ARGS
fi

say "installing the pinned packages; the first time this takes several minutes (llama.cpp is compiled here)"
if [ -n "${TORCH_INDEX:-}" ]; then
    pip install -q --index-url "$TORCH_INDEX" "$(grep '^torch==' requirements.lock)"
fi
lock=requirements.lock
[ "$kind" = dev ] && lock=requirements-dev.lock
pip install -q -r "$lock"
pip install -q --no-deps --no-build-isolation -e .
printf '%s' "$wanted" > "$stamp"
if [ "$kind" = dev ]; then printf '%s' "$wanted" > "$venv/.ready-run"; fi
say "ready"
