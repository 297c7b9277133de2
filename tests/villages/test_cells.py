"""One cell: what is taken, what is refused, and that the refusal says what to write."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from common.calendar import today
from common.spreadsheets.cells import COVERED, CellRefused, ErrorValue, Formula, refuse_odd
from villages.roster.cells import cleaner
from villages.roster.columns import BY_KEY, COLUMNS, recognise


def clean(key, raw, scale=Decimal(1)):
    return cleaner(BY_KEY[key], scale)(raw)


def refused(key, raw):
    with pytest.raises(CellRefused) as error:
        clean(key, raw)
    return str(error.value)


@pytest.mark.parametrize(
    "raw",
    [
        "510703103201",
        510703103201,
        510703103201.0,
        " 510703103201 ",
        "５１０７０３１０３２０１",
        "'510703103201",
        "510703 103201",
        "\ufeff510703103201\u200b",
    ],
)
def test_a_code_is_taken_from_text_integer_float_and_full_width(raw):
    assert clean("code", raw) == "510703103201"


@pytest.mark.parametrize("raw", ["5.10703E+11", "5.10703103201E+11", "5.107e11"])
def test_a_code_in_scientific_notation_is_refused_with_the_fix(raw):
    assert "科学计数法" in refused("code", raw)
    assert "文本" in refused("code", raw)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("51070310320", "现为 11 位"),
        ("5107031032011", "现为 13 位"),
        ("51070310320A", "12 位数字"),
        (510703000000.0, "末三位是 000"),
        (510703103201.5, "12 位数字"),
        (datetime.fromisoformat("2020-01-01"), "12 位数字"),
        (True, "12 位数字"),
    ],
)
def test_a_wrong_code_is_refused(raw, said):
    assert said in refused("code", raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [(320, 320), ("320", 320), ("３２０", 320), ("1,234", 1234), ("320户", 320), (320.0, 320), ("  ", None), (0, 0)],
)
def test_whole_numbers(raw, value):
    assert clean("households", raw) == value


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (-1, "负数"),
        ("约300", "不是数字"),
        (3.5, "整数"),
        ("1.2万", "12000"),
        (3_000_000_000, "太大"),
        ("NaN", "数字"),
        (True, "数字"),
    ],
)
def test_what_is_no_whole_number_is_refused(raw, said):
    assert said in refused("households", raw)


@pytest.mark.parametrize(
    ("raw", "value"), [("128000.5", "128000.50"), (128000.5, "128000.50"), ("￥1", None), ("100元", "100.00")]
)
def test_money(raw, value):
    if value is None:
        assert "不是数字" in refused("annual_income", raw)
    else:
        assert clean("annual_income", raw) == Decimal(value)


def test_money_in_ten_thousands_is_converted():
    column, scale = recognise("村集体经济年收入（万元）")
    assert cleaner(column, scale)(12.8) == Decimal("128000.00")


def test_money_with_three_decimals_is_refused():
    assert "两位小数" in refused("annual_income", "1.234")


@pytest.mark.parametrize(
    ("raw", "value"), [("是", True), ("√", True), ("否", False), ("×", False), (1, True), ("N", False)]
)
def test_yes_and_no(raw, value):
    assert clean("secretary_is_director", raw) is value


def test_another_word_than_yes_or_no_is_refused():
    assert "“是”或“否”" in refused("secretary_is_director", "兼")


@pytest.mark.parametrize(
    "raw",
    [
        "2019-04-22",
        "2019/4/22",
        "2019.4.22",
        "2019年4月22日",
        "20190422",
        datetime.fromisoformat("2019-04-22"),
        date(2019, 4, 22),
    ],
)
def test_dates(raw):
    assert clean("last_inspected_on", raw) == date(2019, 4, 22)


@pytest.mark.parametrize(
    ("raw", "said"), [("2019年4月", "写到日"), (43577, "写到日"), ("2019-02-30", "没有这一天"), ("0219-04-22", "年份")]
)
def test_wrong_dates_are_refused(raw, said):
    assert said in refused("last_inspected_on", raw)


def test_an_inspection_cannot_lie_in_the_future():
    assert clean("last_inspected_on", today()) == today()
    assert "晚于今天" in refused("last_inspected_on", today() + timedelta(days=1))


@pytest.mark.parametrize(("raw", "value"), [("合并", "MERGE"), ("撤 销", "WITHDRAW"), ("保留", "KEEP")])
def test_kinds_of_adjustment(raw, value):
    assert clean("adjustment", raw) == value


def test_an_unknown_choice_is_refused_with_the_choices():
    assert "“融洽”、“一般”、“紧张”" in refused("cadre_relations", "很好")


def test_names_lose_blanks_and_full_width_letters():
    assert clean("name", " 龙 门\u3000村\u200b ") == "龙门村"
    assert clean("name", "第２居委会") == "第2居委会"


def test_text_that_is_too_long_is_refused():
    assert "最多 40 个字，现有 41 个字" in refused("secretary", "甲" * 41)


def test_control_characters_are_dropped():
    assert clean("remark", "甲\x00乙\r\n丙") == "甲乙\n丙"


@pytest.mark.parametrize(
    ("raw", "said"), [(Formula("=A1"), "选择性粘贴"), (ErrorValue("#N/A"), "#N/A"), (COVERED, "取消合并")]
)
def test_formulas_error_values_and_covered_cells_are_refused(raw, said):
    with pytest.raises(CellRefused, match=said):
        refuse_odd(raw)


@pytest.mark.parametrize("title", ["县（市、区）", "县(市、区)", "县市区", " 县 （市、 区）"])
def test_titles_are_known_in_full_width_forms(title):
    assert recognise(title)[0].key == "county"


def test_every_column_knows_its_own_title_and_no_alias_means_two():
    titles = [(title, one.key) for one in COLUMNS for title in (one.title, *one.aliases)]
    assert all(recognise(title)[0].key == key for title, key in titles)
