"""Random keys of a trial, kept under var/ so that a restart signs nobody out."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def new_secret() -> str:
    return secrets.token_urlsafe(48)


def new_field_key() -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


def kept(path: Path, make: Callable[[], str]) -> str:
    """The key in `path`; made once, readable by its owner only, also when several processes ask at once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(make())
        try:
            os.link(draft, path)  # fails when another process was first: its key counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
