#!/usr/bin/env python
"""The command line of the project."""

import os
import sys

# These change the schema, so they run as the role that owns it; the rest run as the application.
OWNER_COMMANDS = {"migrate", "makemigrations", "squashmigrations", "flush", "sqlflush", "test"}
WITHOUT_DATABASE = {
    "",
    "help",
    "version",
    "--version",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "makemessages",
    "policy_table",
}
WITHOUT_PREPARING = OWNER_COMMANDS | {"showmigrations", "sqlmigrate", "optimizemigration"}


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mianyang_xuncha.settings")
    if command in OWNER_COMMANDS:
        os.environ.setdefault("XUNCHA_DB_ROLE", "owner")
    from mianyang_xuncha import embedded, servers

    if command not in WITHOUT_DATABASE and "--help" not in sys.argv:
        try:
            embedded.ensure(prepare=command not in WITHOUT_PREPARING)
        except servers.ServerError as error:
            raise SystemExit(str(error)) from None
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
