"""Where attachments lie: under random names in the private folder, outside any URL."""

import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def folder() -> Path:
    return Path(settings.PRIVATE_MEDIA_ROOT) / "attachments"


def path_of(pk: uuid.UUID) -> Path:
    return folder() / pk.hex[:2] / pk.hex


def kept() -> Iterator[uuid.UUID]:
    """The ids of all files that lie there."""
    for path in folder().glob("??/*"):
        yield uuid.UUID(path.name)
