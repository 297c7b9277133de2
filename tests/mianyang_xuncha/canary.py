"""Looks for what a source said in anything that may leave: pages, workbooks, papers, rows, keys, letters."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.db import connection

from tests.factories.story_parts import CLUE, SOURCE

TOKENS = (*SOURCE.values(), CLUE)


def holds(content: "bytes | str") -> bool:
    """Is a token in it, also inside of a zip (Excel, Word), as UTF-8 or escaped?"""
    if isinstance(content, str):
        content = content.encode()
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(holds(archive.read(name)) for name in archive.namelist())
    return any(form in content for token in TOKENS for form in _forms(token))


def _forms(token: str) -> Iterable[bytes]:
    """As text, as JSON and Python write it, as XML may, as an address does."""
    yield token.encode()
    yield token.encode("unicode_escape")
    yield token.encode("ascii", "xmlcharrefreplace")
    yield quote(token).encode()


def body(response: Any) -> bytes:
    """What a streamed answer gives only once can be read again."""
    if response.streaming:
        whole = b"".join(response.streaming_content)
        response.streaming_content = [whole]
        return whole
    return bytes(response.content)


def tells_a_source(response: Any) -> bool:
    """In the body, a header or a cookie."""
    content = body(response)
    heads = "\n".join([*map(str, response.headers.values()), *map(str, response.cookies.values())])
    return holds(content) or holds(heads)


def tables_with_a_token() -> list[str]:
    """Tables of the database of which a row, written out as text, holds a token."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"  # those that the role may use
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1"
        )
        names = [name for (name,) in cursor.fetchall()]
        found = []
        for name in names:
            cursor.execute(f'SELECT "{name}"::text FROM "{name}"')
            if any(holds(row) for (row,) in cursor.fetchall()):
                found.append(name)
    return found
