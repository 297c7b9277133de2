#!/usr/bin/env bash
# Makes .venv from the hashed lock and the static files that come from packages.
# Safe to run again: what is up to date is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."

lock=requirements-dev.txt
stamp=.venv/installed.txt

say() { printf '%s\n' "$*" >&2; }

usable() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; }

find_python() {
  for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null && usable "$name"; then command -v "$name"; return; fi
  done
  say '需要 Python 3.11—3.13。Debian/Ubuntu：apt-get install python3 python3-venv；macOS：brew install python@3.13。'
  say '已装在别处时：make setup PYTHON=/路径/python3.12'
  exit 1
}

make_environment() {
  local python
  python=$(find_python)
  if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    say "$python 缺少 venv。Debian/Ubuntu：apt-get install python3-venv（或与版本对应的 python3.X-venv），然后重新执行 make setup。"
    exit 1
  fi
  rm -rf .venv
  "$python" -m venv .venv
}

# uv from the lock installs many times faster; pip does when uv is not to be had for this machine.
install() {
  local index uv_lock
  index=${PIP_INDEX_URL:-$(.venv/bin/pip config get global.index-url 2>/dev/null || true)}
  uv_lock=$(mktemp)
  bash scripts/locked.sh uv "$lock" >"$uv_lock"
  if .venv/bin/pip install --quiet --no-deps --require-hashes -r "$uv_lock" 2>/dev/null &&
    UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$index} VIRTUAL_ENV=$PWD/.venv \
      .venv/bin/uv pip sync --quiet --require-hashes "$lock"; then
    rm -f "$uv_lock"
    return
  fi
  rm -f "$uv_lock"
  say '改用 pip 安装……'
  .venv/bin/pip install --quiet --require-hashes -r "$lock"
}

if ! .venv/bin/python -c '' 2>/dev/null; then make_environment; fi
if ! cmp -s "$lock" "$stamp"; then
  say '正在安装依赖（约一分钟）……'
  install
  cp "$lock" "$stamp"
fi
.venv/bin/python scripts/build_icons.py
