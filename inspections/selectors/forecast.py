"""At the present pace: when everything will be covered, which years and classes fall short (A1, A2).

The pace is that of the last twelve months, or of the days since the term began while there are fewer. By when
each class is due, `due` says.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from django.utils.translation import gettext as _

from common.calendar import today
from common.templatetags.ui import cndate_long
from common.wording import tenth
from inspections.models import Term
from villages.enums import VillageClass

from .due import due_on
from .remarks import Remark

WINDOW = 365


@dataclass(frozen=True)
class Pace:
    """How fast `total` villages are being covered."""

    total: int
    done: int
    recent: int
    days: int

    @property
    def a_year(self) -> int:
        return round(self.recent * WINDOW / self.days)

    def by(self, day: date) -> int:
        """Villages covered by that day, should it go on like this."""
        ahead = max((day - today()).days, 0)
        return min(self.done + self.recent * ahead // self.days, self.total)

    @property
    def reached_on(self) -> date | None:
        """The day on which the last village is covered; None when nothing moves."""
        if self.done >= self.total:
            return today()
        if not self.recent:
            return None
        return today() + timedelta(days=ceil((self.total - self.done) * self.days / self.recent))


def pace(term: Term, villages: Collection[Any], done: Mapping[int, date]) -> Pace:
    """Of these villages, each with a `pk`; `done` is village → the day on which it was covered."""
    first = max(term.starts_on, today() - timedelta(days=WINDOW))
    days = [done[one.pk] for one in villages if one.pk in done]
    return Pace(len(villages), len(days), sum(day > first for day in days), max((today() - first).days, 1))


def outlook(term: Term, villages: Collection[Any], done: Mapping[int, date]) -> tuple[str, bool]:
    """In a few words, and whether it falls short; nothing once the term is over or before it has begun."""
    if not villages or not term.starts_on <= today() <= term.ends_on:
        return "", False
    found = pace(term, villages, done)
    if found.done == found.total:
        return _("已全覆盖"), False
    if short := found.total - found.by(term.ends_on):
        return _("届末差 %s 个村") % short, True
    day = found.reached_on or today()
    return _("预计 %(year)s年%(month)s月覆盖完") % {"year": day.year, "month": day.month}, False


def forecast(
    term: Term, villages: Collection[Any], done: Mapping[int, date], goals: Mapping[int, int], classed: Collection[Any]
) -> list[Remark]:
    """In sentences, the gravest first; nothing once the term is over or before it has begun."""
    if not villages or not term.starts_on <= today() <= term.ends_on:
        return []
    whole = pace(term, villages, done)
    return [_whole(term, whole), *_years(term, whole, goals), *_classes(term, classed, done)]


def _whole(term: Term, found: Pace) -> Remark:
    short, told = found.total - found.by(term.ends_on), {"pace": found.a_year, "end": cndate_long(term.ends_on)}
    if short:
        rest = {"short": short, "percent": tenth(found.by(term.ends_on) / found.total * 100)}
        text = _(
            "按近一年的进度（每年 %(pace)s 个村），到届末（%(end)s）只覆盖 %(percent)s%%，还有 %(short)s 个村不能覆盖。"
        )
        return Remark("short", text % (told | rest))
    day = found.reached_on or today()
    text = _("按近一年的进度（每年 %(pace)s 个村），预计%(day)s全部覆盖。")
    return Remark("reached", text % (told | {"day": cndate_long(day)}))


def _years(term: Term, found: Pace, goals: Mapping[int, int]) -> Iterator[Remark]:
    for year in sorted(one for one in goals if one >= today().year):
        reached = found.by(min(date(year, 12, 31), term.ends_on))
        need = ceil(found.total * goals[year] / 100)
        if reached < need:
            told = {"year": year, "goal": goals[year], "percent": tenth(reached / found.total * 100)}
            text = _("%(year)s 年末预计 %(percent)s%%，低于目标 %(goal)s%%，差 %(short)s 个村。")
            yield Remark("year", text % (told | {"short": need - reached}))


def _classes(term: Term, villages: Collection[Any], done: Mapping[int, date]) -> Iterator[Remark]:
    for klass, label in VillageClass.choices:
        found = pace(term, _of(villages, klass), done)
        due = due_on(term, klass)
        if short := found.total - found.by(max(due, today())):
            told = {"klass": label, "day": cndate_long(due), "short": short}
            text = (
                _("%(klass)s应在%(day)s前完成，照此进度还差 %(short)s 个。")
                if due >= today()
                else _("%(klass)s应在%(day)s前完成，已过期限，还差 %(short)s 个。")
            )
            yield Remark("class", text % told)


def _of(villages: Iterable[Any], klass: str) -> list[Any]:
    return [one for one in villages if one.klass == klass]
