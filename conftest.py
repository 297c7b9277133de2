"""Before any test is read: private servers, then Django."""

import os

from tests.plugins import servers

servers.start()
os.environ["DJANGO_SETTINGS_MODULE"] = "mianyang_xuncha.settings"

import django  # noqa: E402

django.setup()

pytest_plugins = ["tests.plugins.database", "tests.plugins.chromium", "tests.plugins.hangs", "tests.plugins.strict"]


def pytest_unconfigure() -> None:
    servers.stop()
