"""Uploads: recognised by their content, kept under random names outside any URL, no row without file and none the
other way round. The rows are models of the apps that derive from `common.models.StoredFile`."""

from __future__ import annotations

import hashlib
import os
import shutil
import unicodedata
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from .models import StoredFile

MAX_FILES = 10
NAME_LENGTH = 120
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "application/pdf": (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
F = TypeVar("F", bound=StoredFile)


def folder() -> Path:
    return Path(settings.PRIVATE_MEDIA_ROOT) / "attachments"


def path_of(pk: uuid.UUID) -> Path:
    return folder() / pk.hex[:2] / pk.hex


def kept() -> Iterator[uuid.UUID]:
    """The ids of all files that lie there."""
    for path in folder().glob("??/*"):
        yield uuid.UUID(path.name)


@dataclass(frozen=True)
class Evidence:
    """An upload that was checked: what it is, and under which name it is shown."""

    upload: UploadedFile[Any]
    name: str
    content_type: str


def check_files(files: Sequence[UploadedFile[Any]]) -> list[Evidence]:
    """Recognise every file by its content; raises one ValidationError that names each refused file and the remedy."""
    if len(files) > MAX_FILES:
        raise ValidationError(
            _("一次最多上传 %(most)s 个文件，现在是 %(now)s 个。") % {"most": MAX_FILES, "now": len(files)}
        )
    found: list[Evidence] = []
    errors: list[str] = []
    for upload in files:
        name = safe_name(upload.name or "")
        try:
            found.append(Evidence(upload, name, _recognised(upload, name)))
        except ValidationError as error:
            errors.extend(_("“%(name)s”：%(why)s") % {"name": name, "why": why} for why in error.messages)
    if errors:
        raise ValidationError(errors)
    return found


def _recognised(upload: UploadedFile[Any], name: str) -> str:
    if not upload.size:
        raise ValidationError(_("文件是空的，请重新选择。"))
    if upload.size > settings.MAX_UPLOAD_MB * 1024 * 1024:
        raise ValidationError(_("超过 %s MB，请压缩图片或拆分后再传。") % settings.MAX_UPLOAD_MB)
    content_type = sniff(upload)
    if not name.lower().endswith(SUFFIXES[content_type]):
        raise ValidationError(_("扩展名与内容不符，请按原格式（%s）命名后再传。") % SUFFIXES[content_type][0])
    return content_type


def sniff(upload: UploadedFile[Any]) -> str:
    """The type by magic bytes; raises ValidationError with what to do for everything that is not accepted."""
    upload.seek(0)
    head = upload.read(16)
    upload.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(ZIP):
        return _office(upload)
    if head.startswith(OLE):
        raise ValidationError(_("旧版 Office 或加密文件不能上传，请另存为不加密的 .docx 或 .xlsx。"))
    if head[4:8] == b"ftyp":
        raise ValidationError(_("HEIC 照片和视频不能上传，请在手机上转成 JPG 照片。"))
    raise ValidationError(_("只能上传照片（JPG、PNG）、PDF、Word（.docx）和 Excel（.xlsx）。"))


def _office(upload: UploadedFile[Any]) -> str:
    """Which Office file a zip is, from its directory alone: nothing is unpacked."""
    try:
        with zipfile.ZipFile(upload) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ValidationError(_("文件已损坏，请重新保存后再传。")) from error
    finally:
        upload.seek(0)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise ValidationError(_("含有宏，请另存为不含宏的 .docx 或 .xlsx。"))
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        return DOCX
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return XLSX
    raise ValidationError(_("压缩包不能上传，请解压后把其中的照片或文件直接上传。"))


def safe_name(name: str) -> str:
    """The last part of the name without control and direction marks, cut in the stem so that the suffix stays."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(one for one in unicodedata.normalize("NFC", base) if unicodedata.category(one)[0] != "C").strip()
    stem, dot, suffix = clean.rpartition(".")
    if not dot or not stem:
        return clean[:NAME_LENGTH] or _("未命名")
    return f"{stem[: NAME_LENGTH - len(suffix) - 1]}.{suffix}"[:NAME_LENGTH]


@contextmanager
def stored(evidence: Sequence[Evidence], model: type[F]) -> Iterator[list[F]]:
    """Write the files first; the caller saves the rows inside. When that fails, in whatever way, the files go again.

    A process killed between the two leaves a file without a row: `manage.py check_integrity` finds it.
    """
    _check_room(sum(one.upload.size or 0 for one in evidence))
    rows: list[F] = []
    try:
        for one in evidence:
            row = model(id=uuid.uuid4(), name=one.name, content_type=one.content_type, size=one.upload.size or 0)
            rows.append(row)
            row.sha256 = _write(one.upload, path_of(row.pk))
        yield rows
    except BaseException:
        for row in rows:
            path_of(row.pk).unlink(missing_ok=True)
        raise


def _check_room(needed: int) -> None:
    settings.PRIVATE_MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    disk = shutil.disk_usage(settings.PRIVATE_MEDIA_ROOT)
    if disk.free - needed < disk.total * 0.02:
        raise ValidationError(_("服务器存储空间不足，暂时不能上传。请联系系统管理员，文字可以先报。"))


def _write(upload: UploadedFile[Any], path: Path) -> str:
    """Copy the upload to its place, on the disk before the row is; returns the fingerprint."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    upload.seek(0)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in upload.chunks():
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def save_rows(rows: Sequence[F], **fields: Any) -> list[F]:
    for row in rows:
        for key, value in fields.items():
            setattr(row, key, value)
    return type(rows[0])._default_manager.bulk_create(rows) if rows else []
