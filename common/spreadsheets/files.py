"""Is this file safe to open, and what is it? Asked before any library sees it."""

import codecs
import hashlib
import re
import zipfile
from dataclasses import dataclass, field
from typing import IO, Any, Literal

MEGABYTE = 1024 * 1024
MOST_UNPACKED = 50 * MEGABYTE
MOST_RATIO = 100
MOST_TEXT = 100 * MEGABYTE
MOST_ENTRIES = 200
MOST_MERGED = 50_000
CHUNK = 256 * 1024
OVERLAP = 128
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再上传"
DECLARED = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)")
BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
ROW = re.compile(rb"<(?:\w+:)?row[ >/]")
VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)>")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s+ref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\"")


class FileRefused(Exception):
    """The file as a whole cannot be taken; the text says what to do."""


Merge = tuple[str, int, str, int]


@dataclass
class Package:
    """What a look at the file found: its kind, the encoding of a CSV, the merged cells of each sheet, its size."""

    kind: Literal["xlsx", "csv"]
    encoding: str = ""
    merges: dict[str, list[Merge]] = field(default_factory=dict)
    rows: int = 0
    cells: int = 0
    """With a value, over all sheets: what reading costs."""


def sha256_of(file: IO[bytes]) -> str:
    file.seek(0)
    readable: Any = file
    return hashlib.file_digest(readable, "sha256").hexdigest()


def inspect(file: IO[bytes], name: str) -> Package:
    """Needs a seekable file; leaves it at the start. Raises FileRefused."""
    head = _head(file)
    if not head:
        raise FileRefused("文件是空的，请重新选择。")
    if head.startswith(OLE):
        raise FileRefused(_ole(file))
    if head.startswith(b"PK"):
        package = _workbook(file)
    elif name.lower().endswith((".xlsx", ".xlsm", ".xls", ".et")) or _foreign(head):
        raise FileRefused(f"这个文件不是 .xlsx 工作簿（可能只是改了扩展名）。{SAVE_AS}。")
    else:
        package = _text(file)
    file.seek(0)
    return package


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(512)


def _foreign(head: bytes) -> bool:
    if any(head.startswith(mark) for mark in BYTE_ORDER_MARKS if mark != codecs.BOM_UTF8):
        return False  # the “Unicode 文本” of Excel
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return b"\0" in head or start.startswith((b"%pdf", b"<!doctype", b"<html", b"<?xml", b"<table", b"{\\rtf"))


def _ole(file: IO[bytes]) -> str:
    file.seek(0)
    mark = "EncryptedPackage".encode("utf-16-le")
    before = b""
    for chunk in iter(lambda: file.read(CHUNK), b""):
        if mark in before + chunk:
            return "文件设有打开密码，无法读取。请在 Excel 或 WPS 中取消密码，保存后再上传。"
        before = chunk[-len(mark) :]
    return f"这是旧版 .xls 文件。{SAVE_AS}。"


# ------------------------------------------------------------------- workbook


def _workbook(file: IO[bytes]) -> Package:
    try:
        with zipfile.ZipFile(file) as archive:
            _directory(archive)
            return _parts(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise FileRefused(f"文件已损坏或不完整，无法打开。{SAVE_AS}。") from error


def _directory(archive: zipfile.ZipFile) -> None:
    """Everything that the list of entries tells, before a byte is unpacked."""
    entries = archive.infolist()
    names = {one.filename for one in entries}
    if len(entries) > MOST_ENTRIES:
        raise FileRefused(f"文件里的部件超过 {MOST_ENTRIES} 个，不像一份表格。请只保留要上传的工作表，另存后再上传。")
    unpacked, packed = sum(one.file_size for one in entries), sum(one.compress_size for one in entries)
    if unpacked > MOST_UNPACKED or (unpacked > MEGABYTE and unpacked > packed * MOST_RATIO):
        raise FileRefused(
            "文件展开后过大，多半是末尾有大量设过格式的空行。请选中末尾的空行整行删除，或把内容复制到新工作簿后再上传；"
            "确实有几万行的，请分成几份上传。"
        )
    if any(one.flag_bits & 0x1 for one in entries):
        raise FileRefused("文件设有密码，无法读取。请取消密码，保存后再上传。")
    if any(one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for one in entries):
        raise FileRefused(f"文件的压缩方式无法识别。{SAVE_AS}。")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused("文件带有宏，为安全起见不能上传。请另存为“Excel 工作簿（.xlsx）”（不含宏）后再上传。")
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise FileRefused(f"这个文件不是 .xlsx 工作簿。{SAVE_AS}。")


def _parts(archive: zipfile.ZipFile) -> Package:
    """Unpack every XML part once: true size, no DTD, no macro type; note merged cells, rows and values of sheets."""
    package = Package("xlsx")
    total = 0
    for one in archive.infolist():
        if one.filename.lower().endswith((".xml", ".rels", ".vml")):
            total += _part(archive, one, package)
            if total > MOST_UNPACKED:
                raise FileRefused("文件展开后过大，请把内容复制到新工作簿后再上传。")
    return package


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, package: Package) -> int:
    size, tail, found = 0, b"", set()
    sheet = entry.filename.startswith("xl/worksheets/")
    with archive.open(entry) as part:
        for chunk in iter(lambda: part.read(CHUNK), b""):
            if not size:
                _prolog(chunk)
            size += len(chunk)
            text = tail + chunk
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise FileRefused(f"文件含有外部实体声明，为安全起见不能上传。{SAVE_AS}。")
            if entry.filename == "[Content_Types].xml" and b"macroEnabled" in text:
                raise FileRefused("文件带有宏，为安全起见不能上传。请另存为“Excel 工作簿（.xlsx）”（不含宏）后再上传。")
            if sheet:
                found.update(MERGED.findall(text))
                if len(found) > MOST_MERGED:
                    raise FileRefused(f"合并的单元格超过 {MOST_MERGED} 处。请全选后取消合并，逐行填写，再上传。")
                package.rows += len(ROW.findall(chunk))
                package.cells += len(VALUE.findall(chunk))
            tail = text[-OVERLAP:]
    if found:
        ranges = [(a.decode(), int(top), b.decode(), int(bottom)) for a, top, b, bottom in found]
        package.merges[entry.filename] = sorted(ranges, key=lambda one: one[1])
    return size


def _prolog(head: bytes) -> None:
    """Only UTF-8, so that the search for a DTD cannot be fooled by another encoding."""
    start = head.removeprefix(codecs.BOM_UTF8)
    declared = DECLARED.match(start)
    if not start.lstrip().startswith(b"<") or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
        raise FileRefused(f"文件内部的编码无法识别。{SAVE_AS}。")
    if b"purl.oclc.org/ooxml" in head:
        raise FileRefused(f"这是“严格 Open XML”格式，无法读取。{SAVE_AS}。")


# ------------------------------------------------------------------------ CSV


def _text(file: IO[bytes]) -> Package:
    if file.seek(0, 2) > MOST_TEXT:
        raise FileRefused(f"文件超过 {MOST_TEXT // MEGABYTE} MB，请按县（市、区）分开后再上传。")
    marked = [encoding for mark, encoding in BYTE_ORDER_MARKS.items() if _head(file).startswith(mark)]
    for encoding in marked or ("utf-8", "gb18030"):
        package = Package("csv", encoding)
        if _decodes(file, package):
            return package
    raise FileRefused("文件的文字编码无法识别。请另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后再上传。")


def _decodes(file: IO[bytes], package: Package) -> bool:
    decoder = codecs.getincrementaldecoder(package.encoding)()
    file.seek(0)
    try:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            text = decoder.decode(chunk)
            if "\0" in text:
                return False
            package.rows += text.count("\n")
            package.cells += sum(map(text.count, "\n,\t;"))
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
