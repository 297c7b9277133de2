"""Handing out a file: always to be saved, never shown inside the site's origin, and on record."""

from typing import Any

from django.db.models import Model
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from . import audit
from .files import path_of
from .models import StoredFile


def hand_out(found: StoredFile, *, owner: Model, actor: Any) -> FileResponse:
    """The response with the file of `owner`, which the caller has asked the policy about."""
    try:
        file = path_of(found.pk).open("rb")
    except FileNotFoundError as error:
        raise Http404(_("文件不在存储里，请联系系统管理员。")) from error
    audit.record("download", owner, actor=actor, note=found.name, changes={"attachment": [None, str(found.pk)]})
    response = FileResponse(file, content_type=found.content_type)
    _to_be_saved(response, found.name)
    return response


def as_file(name: str, content: bytes, content_type: str) -> HttpResponse:
    """The response with a file just made; the service that made it has put it on record."""
    response = HttpResponse(content, content_type=content_type)
    _to_be_saved(response, name)
    return response


def _to_be_saved(response: HttpResponseBase, name: str) -> None:
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
