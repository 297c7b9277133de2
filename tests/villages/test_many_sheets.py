"""A workbook with one sheet for each township, as county offices keep it: one roster, each row with its sheet."""

import io

import pytest
from openpyxl import load_workbook

from common.spreadsheets.files import FileRefused
from tests.factories.villages import WIDE, book, commit, confirmed, content, preview, row, uploaded
from villages.models import Village
from villages.roster import sheets


def by_township(*parts, head=WIDE):
    """(title of the sheet, its rows) each; a title row stands above every header."""
    made = book(head=head)
    made.remove(made.worksheets[0])
    for title, rows in parts:
        sheet = made.create_sheet(title)
        for one in ([f"{title}名册"], head, *rows):
            sheet.append(list(one))
    return made


TWO = ("青义镇", [row(户数=320)]), ("龙门镇", [row("510703100203", "好村", "龙门镇", 户数=9)])


def test_all_sheets_are_one_import(world, tmp_path):
    world.sibling_township.name = "龙门镇"
    world.sibling_township.save()
    outcome = commit(by_township(*TWO), tmp_path, county=world.county)
    assert (outcome.sheets, outcome.rows, outcome.created, outcome.committed) == (["青义镇", "龙门镇"], 2, 2, True)
    assert dict(Village.objects.filter(households__gt=0).values_list("division__name", "households")) == {
        "新村": 320,
        "好村": 9,
    }


def test_a_column_may_stand_elsewhere_in_the_second_sheet(world, tmp_path):
    made = by_township(("甲", [row(户数=320)]), ("乙", []))
    moved = made["乙"]
    moved.delete_rows(2)
    moved.append(list(reversed(WIDE)))
    moved.append(list(reversed(row("510703103204", "好村", 户数=9))))
    assert commit(made, tmp_path, county=world.county).created == 2
    assert Village.objects.get(division__code="510703103204").households == 9


def test_a_code_twice_is_told_with_sheet_and_row(world, tmp_path):
    outcome = preview(by_township(("甲", [row()]), ("乙", [row("510703103204", "好村"), row()])), tmp_path)
    said = "与{}行的代码重复：同一个村只保留一行，代码填错的请改正"
    cell = {"column": "统计区划代码", "value": "510703103203"}
    assert outcome.as_json()["refused"] == [
        {"row": 3, "sheet": "甲", **cell, "reason": said.format("“乙”第 4 ")},
        {"row": 4, "sheet": "乙", **cell, "reason": said.format("“甲”第 3 ")},
    ]


@pytest.mark.parametrize("first", [True, False])
def test_a_sheet_that_gathers_the_others_is_named(world, tmp_path, first):
    one, other = row(), row("510703103204", "好村")
    parts = [("甲", [one]), ("乙", [other])]
    parts.insert(0 if first else 2, ("汇总", [one, other]))
    outcome = preview(by_township(*parts), tmp_path, county=world.county)
    assert len(outcome.refusals.rows) == 4
    assert outcome.hints == ["工作表“汇总”的每一行在别的工作表里都有，像是汇总表：请删去这个工作表，再上传。"]


def test_sheets_with_other_columns_are_refused_with_what_differs(world, tmp_path):
    made = by_township(("甲", [row()]))
    sheet = made.create_sheet("乙")
    sheet.append(["村名", "代码", "摸排人"])
    sheet.append(["好村", "510703103204", "某"])
    with pytest.raises(FileRefused) as refused:
        preview(made, tmp_path)
    assert "“乙”没有县(市、区)、乡镇(街道)、户数" in str(refused.value)
    assert "“甲”没有摸排人" in str(refused.value)


def test_a_sheet_without_a_header_is_told_and_one_without_codes_is_no_matter(world, tmp_path):
    made = by_township(("甲", [row()]))
    made.create_sheet("乙").append(row("510703103204", "好村"))
    made.create_sheet("说明").append(["填表要求"])
    outcome = preview(made, tmp_path)
    assert (outcome.created, len(outcome.hints)) == (1, 1)
    assert outcome.hints[0].startswith("工作表“乙”没有找到名册的表头")


def test_the_sheets_together_may_not_be_too_long(world, tmp_path, monkeypatch):
    made = by_township(("甲", [row()]), ("乙", [row("510703103204", "好村")]))
    monkeypatch.setitem(sheets.MOST_ROWS, "xlsx", 1)
    with pytest.raises(FileRefused, match="超过 1 行"):
        preview(made, tmp_path)


# ------------------------------------------------------------------------ pages


@pytest.fixture
def client(signed_in, world, settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    return signed_in(world.roster_admin)


def refused_of(world):
    made = by_township(
        ("甲", [row(), ["填表人：某"]]),
        ("乙", [row("510703103204", "好村", 户数="x", 备注="留着"), row("510703103205", "美村")]),
    )
    return uploaded(made, world.roster_admin)


def test_the_preview_names_the_sheets_and_each_row_with_its_own(client, world):
    page = client.get(refused_of(world).get_absolute_url()).content.decode()
    assert "甲、乙" in page
    assert "乙 3</td>" in page
    assert "“甲”第 4 行</span> 填表人：某" in page


def test_refused_rows_come_back_on_their_sheet_and_the_whole_file_imports_when_mended(client, world):
    roster = refused_of(world)
    few = client.get(f"{roster.get_absolute_url()}refused/")
    made = load_workbook(io.BytesIO(few.content))
    assert made.sheetnames == ["乙"]
    assert made["乙"].cell(2, made["乙"].max_column).value.startswith("原第 3 行。户数：“x”不是数字")

    answer = client.get(f"{roster.get_absolute_url()}refused/?all=1")
    whole = load_workbook(io.BytesIO(answer.content))
    assert whole.sheetnames == ["甲", "乙"]
    whole["乙"]["E2"] = 9
    mended = uploaded(content(whole), world.roster_admin)
    assert (mended.result["refused"], mended.result["created"]) == (0, 3)
    confirmed(mended, world.roster_admin)
    assert Village.objects.get(division__code="510703103204").remark == "留着"


def test_a_download_is_called_what_it_is(client, world):
    address = f"{refused_of(world).get_absolute_url()}refused/"
    names = [client.get(address + query).headers["Content-Disposition"] for query in ("", "?all=1")]
    assert "%E6%9C%AA%E9%80%9A%E8%BF%87%E7%9A%84%E8%A1%8C" in names[0]  # 未通过的行
    assert "%E6%95%B4%E4%BB%BD%E5%BE%85%E6%94%B9" in names[1]  # 整份待改
