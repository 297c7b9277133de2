"""Handing out a file: to be saved, and on record; a photograph may be shown, apart from the site's origin."""

from typing import Any

from django.db.models import Model
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from . import audit
from .files import path_of
from .models import StoredFile

# What the content was recognised as when it came in (common.files.sniff); a browser runs nothing inside these.
SHOWN = frozenset({"image/jpeg", "image/png"})


def hand_out(found: StoredFile, *, owner: Model, actor: Any, show: bool = False) -> FileResponse:
    """The response with the file of `owner`, which the caller has asked the policy about.

    With `show` a photograph comes as a part of the page that it is on, and is no download.
    """
    shown = show and found.content_type in SHOWN
    try:
        file = path_of(found.pk).open("rb")
    except FileNotFoundError as error:
        raise Http404(_("文件不在存储里，请联系系统管理员。")) from error
    if not shown:
        audit.record("download", owner, actor=actor, note=found.name, changes={"attachment": [None, str(found.pk)]})
    response = FileResponse(file, content_type=found.content_type)
    _kept_apart(response, found.name, to_be_saved=not shown)
    return response


def as_file(name: str, content: bytes, content_type: str) -> HttpResponse:
    """The response with a file just made; the service that made it has put it on record."""
    response = HttpResponse(content, content_type=content_type)
    _kept_apart(response, name)
    return response


def _kept_apart(response: HttpResponseBase, name: str, *, to_be_saved: bool = True) -> None:
    response["Content-Disposition"] = content_disposition_header(to_be_saved, name) or "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
