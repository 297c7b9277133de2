#!/bin/sh
# Runs once, when the database's volume is new: the application's role, which owns nothing.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  -v app_password="$XUNCHA_APP_PASSWORD" <<'SQL'
CREATE ROLE xuncha_app LOGIN PASSWORD :'app_password';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
