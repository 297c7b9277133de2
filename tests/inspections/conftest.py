"""Files of a test lie in a folder of its own: a transaction that is taken back leaves them behind."""

import pytest


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path
