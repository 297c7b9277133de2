"""Before any test is read: private servers, then Django."""

import os

from tests.plugins import servers

servers.start()
os.environ["DJANGO_SETTINGS_MODULE"] = "mianyang_xuncha.settings"

import django  # noqa: E402

django.setup()

PLUGINS = ("told", "database", "chromium", "hangs", "strict")
pytest_plugins = [f"tests.plugins.{name}" for name in PLUGINS]


def pytest_unconfigure() -> None:
    servers.stop()
