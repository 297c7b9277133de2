"""Before any test is read: private servers, then Django."""

import os

from tests.plugins import servers

servers.start()
os.environ["DJANGO_SETTINGS_MODULE"] = "mianyang_xuncha.settings"

import django  # noqa: E402

django.setup()

from mianyang_xuncha import embedded  # noqa: E402

if str(embedded.VAR) != os.environ["XUNCHA_VAR"]:
    raise RuntimeError("the settings were read before this process had servers, keys and folders of its own")
del os.environ["DJANGO_SETTINGS_MODULE"]  # else workers read the settings before they come here

PLUGINS = ("told", "database", "chromium", "hangs", "strict")
pytest_plugins = [f"tests.plugins.{name}" for name in PLUGINS]


def pytest_unconfigure() -> None:
    servers.stop()
