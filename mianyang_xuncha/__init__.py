"""The project: settings, addresses, tasks, servers. The only package that knows every app."""

import os
from pathlib import Path

from environ import Env

# Before anything else asks which servers are configured; what is already set wins.
Env.read_env(os.environ.get("XUNCHA_ENV_FILE", Path(__file__).resolve().parent.parent / ".env"))
