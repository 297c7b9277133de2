"""The villages behind the coverage figures of a board: when each was covered in the term, if it was (A1)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Division
from common.calendar import today
from common.gather import gather
from inspections.selectors import coverage as covering
from villages.enums import VillageClass

NO_CLASS = "NONE"
PAGE = 200


@dataclass(frozen=True)
class Asked:
    """What the query form asked for; empty values ask for nothing."""

    county: int | None = None
    township: int | None = None
    klass: str = ""
    covered: str = ""
    by: int | None = None


@dataclass(frozen=True)
class Line:
    village: covering.Standing
    township: str
    code: str
    covered_on: date | None

    @property
    def class_name(self) -> str:
        return str(VillageClass(self.village.klass).label) if self.village.klass else str(_("未分类"))


@dataclass(frozen=True)
class Found:
    """PAGE lines of `count`, those of page `number` of `pages`; `term` is None where there is no term yet."""

    lines: list[Line]
    count: int
    term: Any
    number: int = 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))


def villages(user: Any, asked: Asked, number: int = 1) -> Found:
    """Exactly the villages that the board counts with the same place, class and answer; at the end of the year `by`."""
    year_end = min(date(asked.by, 12, 31), today()) if asked.by else None
    ledger = covering.ledger_of(gather(covering.parts(user, asked.county)), year_end)
    if ledger is None:
        return Found([], 0, None)
    day = ledger.day_of(asked.by) if asked.by else ledger.last_day
    done = ledger.covered(day)
    rows = [one for one in ledger.standing(day) if _wanted(one, asked, done)]
    rows.sort(key=lambda one: (one.county, one.township, one.name))
    number = max(1, min(number, -(-len(rows) // PAGE)))
    shown = rows[(number - 1) * PAGE : number * PAGE]
    places = dict(Division.objects.filter(pk__in={one.township for one in shown}).values_list("pk", "name"))
    codes = dict(Division.objects.filter(pk__in=[one.pk for one in shown]).values_list("pk", "code"))
    lines = [Line(one, places[one.township], codes[one.pk], done.get(one.pk)) for one in shown]
    return Found(lines, len(rows), ledger.term, number)


def _wanted(one: covering.Standing, asked: Asked, done: dict[int, date]) -> bool:
    if asked.township and one.township != asked.township:
        return False
    if asked.klass and (one.klass or NO_CLASS) != asked.klass:
        return False
    return not asked.covered or (one.pk in done) is (asked.covered == "yes")
