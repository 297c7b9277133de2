"""Sessions that nobody takes over who reads or writes their table: the key is in the cookie, and lies nowhere else."""

import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

LENGTH = 40  # of the column; 160 bits


def _kept(key: str) -> str:
    """What the database has of a key."""
    return hashlib.sha256(key.encode()).hexdigest()[:LENGTH]


class SessionStore(db.SessionStore):
    @property
    def key_salt(self) -> str:
        """The content is signed for its own key: copied under another it is void."""
        return f"{super().key_salt}.{self.session_key}"

    def exists(self, session_key: str) -> bool:
        return super().exists(_kept(session_key))

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(_kept(key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        row.session_key = _kept(row.session_key)
        return row

    def _get_session_from_db(self) -> Any:
        rows = self.model.objects.filter(session_key=_kept(self.session_key or ""), expire_date__gt=timezone.now())
        row = rows.first()
        if row is None:
            self._session_key = None
        return row
