"""Text that lies in the database as ciphertext only, under keys outside of it (FIELD_ENCRYPTION_KEYS).

A value of such a field is a `Secret`: it holds the ciphertext and prints as dots wherever it is printed, in a page,
the trail, a log or an error report. The one way to the text is `reveal()`, which a test allows in few places.
"""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

DOTS = "••••"
MARK = "gAAAA"  # how every Fernet token begins
LOOKUPS = ("isnull",)


class Undecipherable(Exception):
    """None of the keys opens this value: a key is missing from FIELD_ENCRYPTION_KEYS."""


class Secret:
    """An encrypted text; empty for no text."""

    __slots__ = ("token",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, token: str):
        if token and not token.startswith(MARK):
            raise ValueError("not a ciphertext: use Secret.of")
        self.token = token

    @classmethod
    def of(cls, text: str) -> "Secret":
        return cls(_fernet().encrypt(text.encode()).decode() if text else "")

    def reveal(self) -> str:
        if not self.token:
            return ""
        try:
            return _fernet().decrypt(self.token.encode()).decode()
        except InvalidToken as error:
            raise Undecipherable from error

    def __bool__(self) -> bool:
        return bool(self.token)

    def __eq__(self, other: object) -> bool:
        return self.reveal() == other.reveal() if isinstance(other, Secret) else NotImplemented

    def __str__(self) -> str:
        return DOTS if self.token else ""

    def __repr__(self) -> str:
        return f"<Secret {self}>"


class EncryptedTextField(models.Field):
    """Takes and gives a `Secret`; refuses plain text, and so does the column itself. Nothing can be searched in it."""

    def get_internal_type(self) -> str:
        return "TextField"

    def db_check(self, connection: Any) -> str:
        column = connection.ops.quote_name(self.column)
        return f"{column} = '' OR left({column}, {len(MARK)}) = '{MARK}'"

    def from_db_value(self, value: str, expression: Any, connection: Any) -> Secret:
        return Secret(value)

    def to_python(self, value: Any) -> Secret:
        return value if isinstance(value, Secret) else Secret(value)

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, Secret):
            return value.token
        raise TypeError(f"{self.name} takes a Secret, not {type(value).__name__}")

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in LOOKUPS else None

    def value_to_string(self, obj: Any) -> str:
        """What a dump writes: the ciphertext."""
        return self.get_prep_value(self.value_from_object(obj))


def nothing() -> Secret:
    """The default of a field that may stay empty."""
    return Secret("")


def fields() -> list[tuple[type[models.Model], str]]:
    """Every encrypted column of the project."""
    from django.apps import apps

    return [
        (model, one.name)
        for model in apps.get_models()
        for one in model._meta.concrete_fields
        if isinstance(one, EncryptedTextField)
    ]


def is_open(token: str) -> bool:
    """Does one of the keys open it?"""
    try:
        return not token or bool(_fernet().decrypt(token.encode()))
    except InvalidToken:
        return False


def is_current(token: str) -> bool:
    """Was this made with the first key?"""
    try:
        Fernet(settings.FIELD_ENCRYPTION_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def renewed(token: str) -> str:
    """The same text under the first key."""
    try:
        return _fernet().rotate(token.encode()).decode()
    except InvalidToken as error:
        raise Undecipherable from error


def _fernet() -> MultiFernet:
    return _made(tuple(settings.FIELD_ENCRYPTION_KEYS))


@lru_cache(maxsize=4)
def _made(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(one) for one in keys])
