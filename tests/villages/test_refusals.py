"""Rows that are refused, each for one reason, with the place and the fix; then nothing is written at all."""

import pytest

from accounts.enums import Tier
from accounts.models import Division
from tests.factories.villages import HEAD, WIDE, book, commit, preview, reasons, row
from tests.factories.world import division
from villages.models import RosterChange, RosterImport, Village


@pytest.fixture
def refusal(world, tmp_path):
    """The one refusal that a row meets: (column, reason)."""

    def find(*rows, county=world.county):
        (told,) = preview(book(*rows), tmp_path, county=county).refusals.told
        return told.column, told.reason

    return find


CELLS = [
    ({"code": "5.10703E+11"}, "统计区划代码", "科学计数法"),
    ({"code": None}, "统计区划代码", "缺少统计区划代码"),
    ({"code": "5107031032"}, "统计区划代码", "现为 10 位"),
    ({"name": None}, "村(社区)名称", "缺少村(社区)名称"),
    ({"name": "村" * 61}, "村(社区)名称", "最多 60 个字"),
    ({"户数": "=1+2"}, "户数", "公式"),
    ({"人口": "约一千"}, "人口", "不是数字"),
    ({"是否一肩挑": "兼"}, "是否一肩挑", "“是”或“否”"),
    ({"上次巡察时间": "2019年"}, "上次巡察时间", "写到日"),
    ({"调整类型": "拆分"}, "调整类型", "“保留”、“更名”"),
    ({"调整类型": "合并"}, "并入村代码", "请填写并入的那个村"),
    ({"并入村代码": "510703103201"}, "并入村代码", "调整类型应填“合并”"),
    ({"调整类型": "合并", "并入村代码": "510703103203"}, "并入村代码", "不能并入本村自己"),
    ({"调整类型": "合并", "并入村代码": "510703103999"}, "并入村代码", "都没有这个村"),
    ({"调整类型": "合并", "并入村代码": "510704101201"}, "并入村代码", "不在同一个县"),
    ({"county": "游仙区"}, "县(市、区)", "这一行属于游仙区，本次只能导入涪城区的村"),
    ({"county": "不存在县"}, "县(市、区)", "请填写全称，如 涪城区"),
    ({"code": "510704101201", "county": None}, "统计区划代码", "这一行属于游仙区"),
    ({"code": "510704101201"}, "统计区划代码", "这一行属于游仙区"),
    ({"code": "510704101299"}, "统计区划代码", "与所填“涪城区”不一致"),
    ({"code": "999999101299", "county": None, "township": None}, "统计区划代码", "不属于任何县"),
    ({"code": "510703199201", "township": None}, "乡镇(街道)", "请填写所在乡镇"),
]


@pytest.mark.parametrize(("cells", "column", "said"), CELLS)
def test_a_row_is_refused_with_place_reason_and_fix(refusal, cells, column, said):
    found = refusal(row(**({"code": "510703103203"} | cells)))
    assert found[0] == column
    assert said in found[1]


def test_a_code_more_than_once_in_the_file_each_row_of_which_may_be_the_wrong_one(world, tmp_path):
    rows = row(), row("510703103204"), row(name="另一个村"), row(name="又一个村")
    told = preview(book(*rows), tmp_path, county=world.county).refusals.told
    said = "与第 {} 行的代码重复：同一个村只保留一行，代码填错的请改正"
    assert [(one.row, one.reason) for one in told] == [
        (2, said.format(4)),
        (4, said.format(2)),
        (5, said.format(2)),
    ]


def test_a_misspelt_township_among_right_ones(refusal):
    column, said = refusal(row(), row("510703103204", township="青义真"))
    assert (column, "请改为“青义镇”" in said) == ("乡镇(街道)", True)


def test_an_unknown_township_under_a_code_of_another_county(world, refusal):
    column, said = refusal(row("510704199201", county="游仙区", township="远乡"), county=world.county)
    assert (column, "属于游仙区" in said) == ("县(市、区)", True)


def test_two_names_for_one_new_township(refusal):
    rows = [
        row("510703199201", township="新乡"),
        row("510703199202", township="新乡"),
        row("510703199203", township="旧乡"),
    ]
    column, said = refusal(*rows)
    assert (column, "应当相同" in said) == ("乡镇(街道)", True)


def test_two_townships_of_one_name(world, refusal):
    division("510703188000", "青义镇", Tier.TOWNSHIP, world.county)
    assert "有两个“青义镇”" in refusal(row("510703177201"))[1]


def test_two_counties_of_one_name_and_a_code_of_neither(world, tmp_path):
    division("510705000000", "涪城区", Tier.COUNTY, world.city)
    outcome = preview(book(row("510704101209", "新村")), tmp_path, county=None)
    assert "有 2 个“涪城区”，代码不属于其中任何一个" in outcome.refusals.told[0].reason


def test_a_code_that_is_a_division_of_another_kind(world, refusal):
    division("510703103777", "某地", Tier.VILLAGE, world.township)
    assert "已用于“某地”" in refusal(row("510703103777"))[1]


def test_a_village_that_is_no_more(world, tmp_path, refusal):
    commit(book(row("510703103201", "龙门村", 调整类型="撤销")), tmp_path, county=world.county)
    column, said = refusal(row("510703103201", "龙门村"))
    assert (column, "确需恢复请在“调整类型”填“保留”" in said) == ("调整类型", True)


def test_a_successor_that_is_no_more(world, refusal):
    rows = [
        row("510703103201", "龙门村", 调整类型="合并", 并入村代码="510703103202"),
        row("510703103202", "方水村", 调整类型="撤销"),
    ]
    assert "请填写最后并入的那个村" in refusal(*rows)[1]


def test_a_cell_under_a_merged_one(world, tmp_path):
    made = book(row(户数=1), row("510703103204"))
    made.worksheets[0].merge_cells("E2:E3")
    outcome = preview(made, tmp_path, county=world.county)
    assert reasons(outcome) == [(3, "户数")]


def test_all_wrong_cells_of_a_row_are_told_at_once(world, tmp_path):
    outcome = preview(book(row(户数="x", 人口=-1)), tmp_path, county=world.county)
    assert reasons(outcome) == [(2, "户数"), (2, "人口")]
    assert len(outcome.refusals.rows) == 1


def test_the_example_of_the_task_is_refused_row_by_row_and_nothing_is_written(world, tmp_path):
    """Title, merged cells, full-width digits, scientific notation, another county, duplicate, formula, empty tail."""
    rows = [
        row("５１０７０３１０３２０３", "好村", 户数="３２０"),
        row("510703103204", "并村", county=None, township=None),
        row("5.10703E+11", "科学村"),
        row("510704101299", "外县村", county="游仙区", township="沉抗镇"),
        row("510703103204", "重村"),
        row("510703103205", "公式村", 人口="=E2*3"),
        *([None] * len(WIDE) for _ in range(300)),
    ]
    made = book(*rows, above=[["涪城区村（社区）名册"]])
    made.worksheets[0].merge_cells("A1:L1")
    for column in "AB":
        made.worksheets[0].merge_cells(f"{column}3:{column}4")
    outcome = commit(made, tmp_path, county=world.county)
    code = "统计区划代码"
    assert reasons(outcome) == [(4, code), (5, code), (6, "县(市、区)"), (7, code), (8, "人口")]
    assert (outcome.rows, outcome.created, outcome.committed) == (6, 1, False)
    assert (Village.objects.count(), RosterChange.objects.count(), RosterImport.objects.count()) == (4, 0, 0)
    assert Division.objects.filter(tier=Tier.VILLAGE).count() == 4


def test_one_refused_row_keeps_the_good_ones_out(world, tmp_path):
    outcome = commit(book(row(), row("510703103204", 户数="x")), tmp_path, county=world.county)
    assert (outcome.created, outcome.committed, Village.objects.count()) == (1, False, 4)


def test_many_refusals_are_counted_though_not_all_told(world, tmp_path, monkeypatch):
    monkeypatch.setattr("villages.roster.staging.MOST_REFUSALS", 2)
    rows = [row(f"5107031032{number}", 户数="x") for number in range(10, 15)]
    outcome = preview(book(*rows), tmp_path, county=world.county)
    assert (len(outcome.refusals.told), len(outcome.refusals.rows)) == (2, 5)


def test_a_file_without_data_rows(world, tmp_path):
    with pytest.raises(Exception, match="没有名册数据行"):
        preview(book(), tmp_path)


def test_titles_of_the_real_rosters_are_enough(world, tmp_path):
    outcome = preview(book(["涪城区", "青义镇", "龙门村", "510703103201"], head=HEAD), tmp_path)
    assert (outcome.rows, outcome.unchanged) == (1, 1)


def test_the_columns_of_the_statistical_tables_are_enough(world, tmp_path):
    lines = [
        "code,name,township_code,township,county_code,county",
        "510703103201,龙门村,510703103,青义镇,510703,涪城区",
    ]
    outcome = preview("\n".join(lines).encode(), tmp_path, name="统计区划.csv")
    assert (outcome.rows, outcome.unchanged) == (1, 1)
    assert outcome.ignored_columns == ["township_code", "county_code"]
