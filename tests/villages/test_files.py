"""Files that are refused as a whole, each for its own reason, and what the clerk is told."""

import io
import zipfile
from datetime import date

import pytest

from common.spreadsheets.files import FileRefused, inspect
from tests.factories.villages import book, content, row
from villages.roster.reading import read

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def refused(data, name="名册.xlsx"):
    file = io.BytesIO(data)
    with pytest.raises(FileRefused) as error:
        list(read(file, inspect(file, name)).chunks(1000))
    return str(error.value)


def rezipped(change=None, add=None, made=None):
    """A workbook with one part changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made or content(book(row())))) as old, zipfile.ZipFile(out, "w", 8) as new:
        for one in old.infolist():
            data = old.read(one)
            for name, edit in (change or {}).items():
                data = edit(data) if one.filename == name else data
            new.writestr(one.filename, data)
        for name, data in (add or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def test_an_empty_file():
    assert "空的" in refused(b"")


def test_an_old_xls_even_when_renamed():
    assert "旧版 .xls" in refused(OLE + b"\0" * 2000)


def test_an_encrypted_workbook():
    assert "密码" in refused(OLE + b"\0" * 900 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 900)


def test_text_with_the_ending_of_a_workbook():
    assert "不是 .xlsx" in refused("县,乡镇\n".encode())


@pytest.mark.parametrize("data", [b"%PDF-1.7 ...", b"<html><table></table></html>", b"\x00\x01\x02"])
def test_something_else_with_the_ending_of_text(data):
    assert "不是 .xlsx" in refused(data, "名册.csv")


def test_a_quotation_mark_that_is_never_closed():
    assert "引号" in refused(
        '县,乡镇,村名,代码\n涪城区,青义镇,"新村,510703103203\n涪城区,青义镇,好村,510703103204\n'.encode(), "名册.csv"
    )


def test_a_zip_that_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert "不是 .xlsx 工作簿" in refused(out.getvalue())


def test_a_broken_workbook():
    assert "损坏" in refused(content(book(row()))[:-300])


def test_a_workbook_with_macros():
    assert "宏" in refused(rezipped(add={"xl/vbaProject.bin": b"x"}))


def test_a_macro_type_without_the_macro():
    kind = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    assert "宏" in refused(rezipped({"[Content_Types].xml": lambda data: data.replace(plain, kind)}))


@pytest.mark.parametrize(
    "mark", [b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', b"<!DOCTYPE a>", b"\n<!-- a -->\n<!DOCTYPE a>"]
)
@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_an_external_entity(mark, part):
    def with_entity(data):
        start = data.index(b"?>") + 2 if data.startswith(b"<?xml") else 0
        return data[:start] + mark + data[start:]

    assert "外部实体" in refused(rezipped({part: with_entity}))


def test_an_entity_hidden_in_another_encoding():
    def in_utf16(data):
        return ("\ufeff<!DOCTYPE a>" + data.decode()).encode("utf-16-le")

    assert "编码" in refused(rezipped({"xl/worksheets/sheet1.xml": in_utf16}))


def test_a_zip_bomb_is_known_from_its_directory():
    assert "展开后过大" in refused(rezipped(add={"xl/worksheets/sheet9.xml": b" " * 60_000_000}))


def test_a_part_that_is_squeezed_too_well():
    assert "展开后过大" in refused(rezipped(add={"xl/worksheets/sheet9.xml": b" " * 9_000_000}))


def test_a_forged_size_in_the_directory():
    data = bytearray(rezipped())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    at = data.rindex(b"xl/worksheets/sheet1.xml") - 46 + 24
    assert int.from_bytes(data[at : at + 4], "little") == true
    data[at : at + 4] = (50).to_bytes(4, "little")
    assert "损坏" in refused(bytes(data))


def test_too_many_parts():
    assert "部件超过" in refused(rezipped(add={f"xl/media/{number}.png": b"x" for number in range(201)}))


def only_sheet(file, name="名册.xlsx"):
    (sheet,) = read(file, inspect(file, name)).sheets
    return sheet


def read_as(written):
    """What is read where a cell of a workbook holds this XML in place of one text."""
    name = b"<t>&#26032;&#26449;</t>"
    made = rezipped({"xl/worksheets/sheet1.xml": lambda data: data.replace(name, written.encode())})
    file = io.BytesIO(made)
    _number, cells = next(only_sheet(file).rows())
    return cells[2]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<t>新村_x000D_\n</t>", "新村\r\n"),
        ("<t>新_x0000_村_x001F_</t>", "新村"),
        ("<t>新村_x005F_x000D_</t>", "新村_x000D_"),
        ("<r><t>新</t></r><r><t>村</t></r><rPh sb='0' eb='1'><t>xin</t></rPh>", "新村"),
    ],
)
def test_a_text_is_read_as_it_is_seen(written, meant):
    assert read_as(written) == meant


def test_the_strict_form_of_open_xml():
    old, new = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/x"
    assert "严格" in refused(rezipped({"xl/workbook.xml": lambda data: data.replace(old, new)}))


def test_a_hidden_sheet():
    made = book(row())
    made.create_sheet("旧数据").sheet_state = "hidden"
    assert "隐藏的工作表“旧数据”" in refused(content(made))


def test_the_hidden_sheet_of_wps_is_no_matter():
    made = book(row())
    made.create_sheet("WpsReserved_CellImgList").sheet_state = "veryHidden"
    file = io.BytesIO(content(made))
    assert len(list(only_sheet(file).rows())) == 1


def test_no_header():
    assert "缺少“统计区划代码”列" in refused(content(book(["甲"], head=["村名"])))


def test_a_column_twice():
    assert "有两列都是“村(社区)名称”" in refused(content(book(head=["村名", "村居名称", "代码"])))


def test_thousands_of_formatted_blank_rows():
    made = book(row())
    made.worksheets[0].cell(6000, 1, "")
    for number in range(3, 6010):
        made.worksheets[0].cell(number, 1).number_format = "@"
    assert "空行" in refused(content(made))


def test_a_stray_cell_in_the_last_row_and_column_costs_nothing():
    made = book(row())
    made.worksheets[0]["XFD1048576"] = made.worksheets[0]["A1048576"] = "x"
    file = io.BytesIO(content(made))
    sheet = only_sheet(file)
    assert (len(list(sheet.rows())), sheet.notes) == (1, [(1048576, "x")])


def test_a_text_that_is_in_no_known_encoding():
    assert "编码" in refused("村名,代码\n".encode() + b"\xff\xfe\xff", "名册.csv")


def test_a_date_of_the_1904_calendar_is_read_right():
    made = book(row(上次巡察时间=date(2019, 4, 22)))
    made.epoch = __import__("openpyxl").utils.datetime.CALENDAR_MAC_1904
    file = io.BytesIO(content(made))
    ((_number, cells),) = only_sheet(file).rows()
    assert cells[8].date() == date(2019, 4, 22)
