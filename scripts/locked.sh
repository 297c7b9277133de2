#!/usr/bin/env bash
# Prints one package's lines of the lock: locked.sh NAME [LOCK]
awk -v name="$1==" 'index($0, name) == 1 { on = 1 } on { print } on && !/\\$/ { exit }' "${2:-requirements-dev.txt}"
