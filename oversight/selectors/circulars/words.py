"""How circulars write periods, places, shares and who is ahead or behind."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from accounts.models import Division
from common import wording
from common.documents import long_day
from oversight.selectors.periods import Row

NAMED = 3  # how many places a sentence names
QUARTERS = "一二三四"
Key = Callable[[Row], "float | None"]


def period(first: date, last: date) -> str:
    """2026年, 2026年第三季度, 2026年9月, or from day to day."""
    after = last + timedelta(days=1)
    if first.day == after.day == 1 and first.year == last.year:
        months = last.month - first.month + 1
        if months == 12:
            return f"{first.year}年"
        if months == 3 and first.month % 3 == 1:
            return f"{first.year}年第{QUARTERS[first.month // 3]}季度"
        if months == 1:
            return f"{first.year}年{first.month}月"
    end = long_day(last)
    return f"{long_day(first)}至{end.removeprefix(f'{first.year}年') if first.year == last.year else end}"


def months(first: date, last: date) -> str:
    """As `period`, for a title: from day to day becomes from month to month."""
    named = period(first, last)
    if "日" not in named:
        return named
    if first.year != last.year:
        return f"{first.year}年{first.month}月至{last.year}年{last.month}月"
    return f"{first.year}年{first.month}{f'至{last.month}' if last.month > first.month else ''}月"


def whole(place: Division) -> str:
    """全市, 全县, 全区."""
    return f"全{place.name[-1] if place.name[-1] in '市县区' else '县'}"


def percent(value: float | None) -> str:
    return "—" if value is None else wording.percent(value)


def ranked(rows: Sequence[Row], key: Key) -> list[tuple[int | None, Row]]:
    """(rank, row) from the best on, equals sharing a rank; those without a value last and without a rank."""
    known = sorted((row for row in rows if key(row) is not None), key=key, reverse=True)  # type: ignore[arg-type]
    values = [key(row) for row in known]
    return [(values.index(key(row)) + 1, row) for row in known] + [(None, row) for row in rows if key(row) is None]


def ahead_and_behind(rows: Sequence[Row], key: Key, word: str) -> str:
    """“覆盖率居前的是…，靠后的是…。”; where there are few places, all of them in one row."""
    known = [row for rank, row in ranked(rows, key) if rank]
    if not known:
        return ""
    last = [row for row in known if key(row) == key(known[-1])]
    if len(last) == len(known) > 1:
        return f"{word}均为{percent(key(known[0]))}。"
    if len(known) <= NAMED * 2:
        return f"{word}从高到低依次是{_named(known, key)}。"
    ahead, behind = _foremost(known, key), _foremost(known[::-1], key)[::-1]
    told = f"居前的是{_named(ahead, key)}" if ahead else _equal(known, key, "首位")
    return f"{word}{told}；{f'靠后的是{_named(behind, key)}' if behind else _equal(last, key, '末位')}。"


def _foremost(rows: Sequence[Row], key: Key) -> Sequence[Row]:
    """The first few, never some of equals without the others; none where too many are equal."""
    edge = key(rows[NAMED - 1])
    equal = [row for row in rows if key(row) == edge]
    before = [row for row in rows[:NAMED] if key(row) != edge]
    return [*before, *equal] if len(before) + len(equal) <= NAMED + 1 else before


def _equal(rows: Sequence[Row], key: Key, word: str) -> str:
    value = key(rows[0])
    return f"有{sum(key(row) == value for row in rows)}个并列{word}（{percent(value)}）"


def _named(rows: Sequence[Row], key: Key) -> str:
    return "、".join(f"{row.name}（{percent(key(row))}）" for row in rows)


def most(rows: Sequence[tuple[str, int]], lead: str, unit: str) -> str:
    """“超期未改较多的是…。” of those that are not nought."""
    named = sorted((one for one in rows if one[1]), key=lambda one: -one[1])[:NAMED]
    return f"{lead}{'、'.join(f'{name}（{n}{unit}）' for name, n in named)}。" if named else ""
