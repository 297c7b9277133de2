"""`import_roster` in the shell: JSON, exit codes, report."""

import json
import sys

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from tests.factories.villages import book, content, lacking, row
from villages.models import Village


@pytest.fixture
def run(world, tmp_path, capsys):
    """run(workbook or bytes, *options) → (exit code, stdout, stderr)."""

    def call(made, *options, name="名册.xlsx"):
        path = tmp_path / name
        path.write_bytes(made if isinstance(made, bytes) else content(made))
        try:
            call_command("import_roster", str(path), *options, stdout=sys.stdout, stderr=sys.stderr)
            code = 0
        except SystemExit as ended:
            code = ended.code
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_all_accepted_is_exit_0_and_json_has_exactly_the_agreed_keys(run):
    code, out, _err = run(book(row()), "--commit", "--json")
    assert code == 0
    assert json.loads(out) == {
        **{"rows": 1, "created": 1, "changed": 0, "unchanged": 0, "renamed": 0, "merged": 0, "withdrawn": 0},
        **{"missing": 3, "refused": [], "committed": True},
    }
    assert Village.objects.count() == 5


@pytest.mark.parametrize(("options", "waiting"), [([], 3), (["--partial"], 0)])
def test_what_a_part_lacks_does_not_wait_for_a_decision(run, options, waiting):
    code, out, _err = run(book(row()), "--commit", "--json", *options)
    assert (code, json.loads(out)["missing"]) == (0, 3)
    assert Village.objects.exclude(missing_from=None).count() == waiting


def test_what_a_part_lacks_and_waits_already_waits_on(run, world):
    earlier = lacking(world.second_village)
    run(book(row("510703103201", "龙门村", 户数=9)), "--commit", "--partial")
    assert set(Village.objects.exclude(missing_from=None).values_list("pk", "missing_from")) == {
        (world.second_village.pk, earlier.pk)
    }


def test_without_commit_nothing_is_written(run):
    code, out, _err = run(book(row()), "--json")
    assert (code, json.loads(out)["committed"], Village.objects.count()) == (0, False, 4)


def test_refused_rows_are_exit_1_and_told_with_row_column_value_and_reason(run):
    code, out, _err = run(book(row(户数="x")), "--commit", "--json")
    assert (code, Village.objects.count()) == (1, 4)
    assert json.loads(out)["refused"] == [
        {"row": 2, "column": "户数", "value": "x", "reason": "“x”不是数字，请只填数字，如 320；没有数据时留空"}
    ]


def test_a_refused_file_is_exit_2_with_the_message_on_stderr(run):
    code, out, err = run(b"PK\x03\x04 no zip", "--commit", "--json")
    assert (code, out, Village.objects.count()) == (2, "", 4)
    assert "文件已损坏" in err


def test_many_new_townships_are_told_in_one_short_line_and_listed_in_the_report(run, tmp_path):
    report = tmp_path / "报告.xlsx"
    new = [row(f"5107032{n:02}201", "新村", f"第{n:02}镇") for n in range(25)]
    _code, out, _err = run(book(*new), "--report", str(report))
    line = next(one for one in out.splitlines() if one.startswith("新乡镇："))
    assert "涪城区 第19镇 等 25 项" in line
    assert "第20镇" not in line
    listed = [name for label, name in load_workbook(report)["汇总"].iter_rows(values_only=True) if label == "新乡镇"]
    assert listed == [f"涪城区 第{n:02}镇" for n in range(25)]


def test_a_missing_file_is_exit_2(world, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("import_roster", "/nowhere/名册.xlsx", stderr=sys.stderr)
    assert (ended.value.code, capsys.readouterr().err) == (2, "没有找到 /nowhere/名册.xlsx，请核对路径和文件名。\n")


def test_a_folder_is_exit_2_and_said_in_chinese(world, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("import_roster", str(tmp_path), stderr=sys.stderr)
    assert (ended.value.code, "不能读写" in capsys.readouterr().err) == (2, True)


@pytest.mark.parametrize("code", ["510703000000", "510703"])
def test_a_county_keeps_other_counties_out(run, code):
    ended, out, _err = run(book(row(), row("510704101299", "x", "沉抗镇", "游仙区")), "--county", code, "--json")
    assert (ended, json.loads(out)["refused"][0]["column"]) == (1, "县(市、区)")


def test_an_unknown_county_is_exit_2(run):
    code, _out, err = run(book(row()), "--county", "999999")
    assert (code, "没有代码为“999999”的县" in err) == (2, True)


def test_the_report_has_the_rows_to_mend_first_and_they_import_when_mended(run, tmp_path):
    report = tmp_path / "报告.xlsx"
    run(book(row(户数="x", 备注="=1"), row("510703103204", "好村"), above=[["标题"]]), "--report", str(report))
    made = load_workbook(report)
    assert made.sheetnames == ["未通过的行", "汇总", "变化", "文件中没有的村"]
    sheet = made.worksheets[0]
    assert [one.value for one in sheet[2]][2:5] == ["新村", "510703103203", "x"]
    assert "户数：“x”不是数字" in sheet.cell(2, sheet.max_column).value
    assert "不是数字" in sheet["E2"].comment.text
    assert sheet["E2"].fill.fgColor.rgb.endswith("FDECEB")
    sheet["E2"], sheet["L2"] = 320, "说明"
    code, out, _err = run(made, "--commit", "--json", name="改好.xlsx")
    assert (code, json.loads(out)["created"]) == (0, 1)


def test_the_report_of_a_clean_file_lists_changes_and_missing_villages(run, tmp_path):
    report = tmp_path / "报告.xlsx"
    run(book(row(户数=320)), "--report", str(report))
    made = load_workbook(report)
    assert made.sheetnames == ["汇总", "变化", "文件中没有的村"]
    changes = [[one.value for one in line] for line in made["变化"].iter_rows(min_row=2)]
    assert [2, "新增", "510703103203", "新村", "青义镇", "户数", "—", "320"] in changes
    assert made["文件中没有的村"].max_row == 4


def test_the_summary_in_words(run):
    code, out, _err = run(book(row(township="新乡", code="510703199201"), ["填表人：周敏"]))
    assert code == 0
    assert "新增 1" in out
    assert "新乡镇：涪城区 新乡" in out
    assert "第 3 行 填表人：周敏" in out
    assert "仅预检，没有写入" in out


def test_an_empty_county_is_refused_and_writes_nothing(run):
    code, _out, err = run(book(row()), "--county", "", "--commit")
    assert (code, Village.objects.count()) == (2, 4)
    assert "没有代码为“”的县" in err
