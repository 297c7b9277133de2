"""One cell → one value, or a refusal that says what to write instead."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from common.calendar import today
from common.spreadsheets.cells import CellRefused, key_of, shown

from .columns import Column

CODE_LENGTH = 12
EARLIEST_YEAR = 1949
LARGEST = 2_147_483_647
MOST_MONEY = Decimal("999999999999.99")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\u200b-\u200f\u202a-\u202e]")
SCIENTIFIC = re.compile(r"^[+-]?\d+(\.\d+)?[eE][+-]?\d+$")
DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}
NOTHING = frozenset({"-", "--", "－", "–", "—", "——", "/", "／", "\\"})
"""What people write into a cell to say that there is nothing to write."""
YES = {"是", "有", "y", "yes", "true", "1", "√", "✓", "✔", "对"}
NO = {"否", "无", "没有", "不是", "n", "no", "false", "0", "×", "✗", "✘", "x"}


Cleaner = Callable[[Any], Any]


def cleaner(column: Column, scale: Decimal = Decimal(1)) -> Cleaner:
    """The function that turns a raw cell of this column into its value (None for blank)."""
    make = {
        "text": _text,
        "code": _code,
        "integer": _integer,
        "money": _money,
        "boolean": _boolean,
        "date": _date,
        "choice": _choice,
    }[column.kind]
    return make(column, scale)


def folded(raw: Any) -> str:
    """Full-width digits and signs as half-width, no blanks, nothing unseen: for numbers, codes, dates and words."""
    return "".join(CONTROL.sub("", unicodedata.normalize("NFKC", str(raw))).split())


def name_of(raw: Any) -> str:
    """A Chinese name without the blanks that typists use to align it."""
    return "".join(CONTROL.sub("", _plain(raw)).split()).translate(FULL_WIDTH)


def _plain(raw: Any) -> str:
    if isinstance(raw, str):
        return raw
    return shown(raw)


def _text(column: Column, scale: Decimal) -> Cleaner:
    tidy = name_of if column.key in ("county", "township", "name") else text_of

    def clean(raw: Any) -> str | None:
        text = tidy(raw)
        if len(text) > column.limit:
            raise CellRefused(f"最多 {column.limit} 个字，现有 {len(text)} 个字，请缩短")
        return text or None

    return clean


def text_of(raw: Any) -> str:
    """Free text with line breaks of one kind, and neither blanks around it nor anything unseen in it."""
    text = _plain(raw)
    if not text.isprintable():
        text = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.strip()


def _code(column: Column, scale: Decimal) -> Cleaner:
    def clean(raw: Any) -> str | None:
        text = _digits(raw)
        if not text:
            return None
        if SCIENTIFIC.match(text):
            raise CellRefused("代码成了科学计数法，末尾数字可能已经丢失：请把这一列设为“文本”，重新填写 12 位代码")
        if not (text.isascii() and text.isdigit()):
            raise CellRefused("代码只能是 12 位数字，请去掉其他字符")
        if len(text) != CODE_LENGTH:
            raise CellRefused(f"代码应为 12 位数字，现为 {len(text)} 位，请核对后填写完整的 12 位代码")
        if text.endswith("000"):
            raise CellRefused("末三位是 000，不是村级代码，或末尾数字因科学计数法丢失：请核对后以“文本”填写 12 位代码")
        return text

    return clean


def _digits(raw: Any) -> str:
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() else repr(raw)
    return folded(raw).strip("'`‘’") if isinstance(raw, str) else shown(raw)


def _number(raw: Any, units: tuple[str, ...], example: str) -> Decimal | None:
    """The number in a cell: thousand separators and the column's own unit are tolerated."""
    if isinstance(raw, bool | date | time | timedelta):
        raise CellRefused(f"应为数字，请填写如 {example}")
    if isinstance(raw, int | float):
        return Decimal(repr(raw))
    text = folded(raw).replace(",", "").replace("，", "")
    for unit in units:
        text = text.removesuffix(unit)
    if not text:
        return None
    if text.endswith("万"):
        raise CellRefused("请写成完整数字，如 1.2 万写 12000")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise CellRefused(f"“{shown(raw)}”不是数字，请只填数字，如 {example}；没有数据时留空") from None
    if not number.is_finite():
        raise CellRefused(f"应为数字，请填写如 {example}")
    return number


def _integer(column: Column, scale: Decimal) -> Cleaner:
    def clean(raw: Any) -> int | None:
        if type(raw) is int and 0 <= raw <= LARGEST:
            return raw
        number = _number(raw, column.units, "320")
        if number is None:
            return None
        if number < 0:
            raise CellRefused("不能是负数，请填写 0 或正整数")
        if number > LARGEST:
            raise CellRefused("数字太大，请核对")
        if number != number.to_integral_value():
            raise CellRefused(f"应为整数，请去掉小数，如 {int(number)}")
        return int(number)

    return clean


def _money(column: Column, scale: Decimal) -> Cleaner:
    def clean(raw: Any) -> Decimal | None:
        number = _number(raw, column.units, "128000.50")
        if number is None:
            return None
        if abs(number) > MOST_MONEY:
            raise CellRefused("金额太大，请核对单位是否为元")
        amount = (number * scale).quantize(Decimal("0.01"))
        if abs(amount - number * scale) > Decimal("0.000001"):
            raise CellRefused(f"金额最多两位小数，请填写如 {amount}")
        if amount < 0 or amount > MOST_MONEY:
            raise CellRefused("金额应在 0 与 9999 亿元之间，请核对单位是否为元")
        return amount

    return clean


def _boolean(column: Column, scale: Decimal) -> Cleaner:
    known: dict[Any, bool] = {True: True, False: False, "是": True, "否": False}

    def clean(raw: Any) -> bool | None:
        if (found := known.get(raw)) is not None:
            return found
        word = folded(shown(raw)).lower()
        if not word:
            return None
        if word not in YES and word not in NO:
            raise CellRefused("请填“是”或“否”")
        return word in YES

    return clean


def _choice(column: Column, scale: Decimal) -> Cleaner:
    known = {key_of(word): str(value) for value, words in column.words.items() for word in words}
    offered = "、".join(f"“{words[0]}”" for words in column.words.values())

    def clean(raw: Any) -> str | None:
        word = key_of(shown(raw))
        if not word:
            return None
        if word not in known:
            raise CellRefused(f"请在 {offered} 中选一个填写")
        return known[word]

    return clean


def _date(column: Column, scale: Decimal) -> Cleaner:
    def clean(raw: Any) -> date | None:
        if isinstance(raw, datetime):
            return _sensible(raw.date())
        if isinstance(raw, date):
            return _sensible(raw)
        text = folded(shown(raw))
        if not text:
            return None
        if re.fullmatch(r"(19|20)\d{6}", text):
            text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
        found = DATE.match(text)
        if not found:
            raise CellRefused("请写到日，如 2019-04-22；只知道年月时写当月 1 日")
        try:
            return _sensible(date(*map(int, found.groups())))
        except ValueError as error:
            raise error if isinstance(error, CellRefused) else CellRefused("没有这一天，请核对日期") from None

    return clean


def _sensible(day: date) -> date:
    if day.year < EARLIEST_YEAR:
        raise CellRefused(f"年份 {day.year} 不对，请填写如 2019-04-22")
    if day > today():
        raise CellRefused("日期晚于今天，请核对年月日")
    return day
