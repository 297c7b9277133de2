#!/usr/bin/env bash
# Everything that reads the code without running it. Goes through to the end and then fails if anything did.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=()

step() {
  local name=$1
  shift
  printf '\n== %s\n' "$name"
  "$@" || failed+=("$name")
}

# What a real installation sets, with values that only serve the check.
deployment_check() {
  local secret key
  secret=$(python -c 'import secrets; print(secrets.token_urlsafe(60))')
  key=$(python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')
  env XUNCHA_ENV=production SECRET_KEY="$secret" FIELD_ENCRYPTION_KEYS="$key" \
    DATABASE_URL=postgres://app@127.0.0.1/xuncha DATABASE_OWNER_URL=postgres://owner@127.0.0.1/xuncha \
    REDIS_URL=redis://127.0.0.1/0 ALLOWED_HOSTS=example.test PUBLIC_BASE_URL=https://example.test \
    python manage.py check --deploy --fail-level WARNING
}

missing_migrations() {
  env XUNCHA_VAR="$work/var" python manage.py makemigrations --check --dry-run
}

work=$(mktemp -d)
chmod 755 "$work"
finish() {
  env XUNCHA_VAR="$work/var" python -m mianyang_xuncha.embedded stop >/dev/null 2>&1
  rm -rf "$work"
}
trap finish EXIT

step ruff ruff check .
step format ruff format --check .
step types mypy
step layers lint-imports --no-logo
step templates djlint --quiet --lint templates
step migrations missing_migrations
step deployment deployment_check

if ((${#failed[@]})); then
  printf '\n没有通过：%s\n' "${failed[*]}"
  exit 1
fi
printf '\n检查全部通过。\n'
