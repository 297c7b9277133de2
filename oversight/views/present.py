"""The figures of a board as rows for the page: each number with the address of the list that has its rows (H2)."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from common.calendar import today
from common.enums import Light
from common.wording import tenth
from oversight.selectors.board import AGES, CLASSES, Figures, Place, aged
from oversight.selectors.figures import Content, total
from oversight.selectors.villages import NO_CLASS
from rectification.enums import ItemStatus
from rectification.selectors.spans import TOOK
from villages.enums import VillageClass

SHADES = 5
Row = dict[str, Any]


def address(name: str, **query: Any) -> str:
    given = {key: value for key, value in query.items() if value not in (None, "")}
    return reverse(name) + (f"?{urlencode(given)}" if given else "")


def share(part: int, whole: int) -> float | None:
    return part / whole * 100 if whole else None


class Board:
    """One board: cards of rows. Within, every number is a dict {n, url}."""

    def __init__(self, figures: Figures):
        self.figures, self.asked = figures, figures.asked

    # Addresses: the lists, narrowed as the board is

    def _place(self, place: Place | None) -> dict[str, Any]:
        """Of one county: named to its own people too, some of whom see rows of another whose team they joined."""
        own = {"county": self.asked.place.pk} if self.asked.level == "township" else {}
        return own | ({self.asked.level: place.pk} if place else {})

    def items(self, place: Place | None = None, **query: Any) -> str:
        return address("rectification:list", **self._place(place), year=self.asked.year, **({"tab": "all"} | query))

    def findings(self, place: Place | None = None, **query: Any) -> str:
        return address("inspections:findings", **self._place(place), year=self.asked.year, t="fed_back", **query)

    def villages(self, place: Place | None = None, **query: Any) -> str:
        return address("oversight:villages", **self._place(place), **query)

    def board(self, name: str = "oversight:board", **query: Any) -> str:
        own = {"county": self.asked.county and self.asked.county.pk, "year": self.asked.year}
        return address(name, **(own | query))

    @property
    def board_url(self) -> str:
        return self.board()

    @property
    def screen_url(self) -> str:
        return self.board("oversight:screen")

    def drilled(self, place: Place) -> str:
        if self.asked.level == "county":
            return self.board(county=place.pk)
        return self.items(place)

    # Cards

    @cached_property
    def kpis(self) -> list[Row]:
        figures, sums = self.figures, self.figures.sums
        done, total = figures.by_class.get((None, ""), (0, 0))
        key, keys = figures.by_class.get((None, VillageClass.KEY_FOCUS), (0, 0))
        closed, late, average = sums["is_closed"], sums["overdue"], figures.took_on_average
        covered, of_key = self.villages(covered="yes"), self.villages(klass=VillageClass.KEY_FOCUS, covered="yes")
        over, days = self.items(tab="overdue"), None if average is None else round(average)
        return [
            kpi(_("本届巡察覆盖"), share(done, total), "%", covered, _of(done, total, _("村")))
            | {"pct": share(done, total) or 0},
            kpi(_("重点关注村覆盖"), share(key, keys), "%", of_key, _of(key, keys, _("村"))),
            kpi(
                _("已反馈问题"), sum(figures.found.values()), _("条"), self.findings(), _("交办 %s 件") % sums["total"]
            ),
            kpi(
                _("整改销号率"),
                share(closed, sums["total"]),
                "%",
                self.items(tab="closed"),
                _of(closed, sums["total"], _("件")),
            ),
            kpi(_("超期未改"), late, _("件"), over, _("临近时限 %s 件") % sums["amber"])
            | {"tone": "red" if late else ""},
            kpi(_("平均销号用时"), days, _("天"), self.items(tab="closed"), _("已销号 %s 件") % closed),
        ]

    @cached_property
    def classes(self) -> list[str]:
        return [self.class_name(one) for one in CLASSES]

    def class_name(self, klass: str | None) -> str:
        return str(VillageClass(klass).label) if klass else str(_("未分类"))

    @cached_property
    def covered(self) -> list[Row]:
        """Coverage by place, those furthest behind first; the last row is all."""
        rows = [self._covered(one.name, one) for one in self.figures.places]
        rows.sort(key=lambda row: (row["pct"] is None, row["pct"] or 0))
        return [*rows, self._covered(_("合计"), None)]

    def _covered(self, name: str, place: Place | None) -> Row:
        key, by_class = place.pk if place else None, self.figures.by_class
        done, total = by_class.get((key, ""), (0, 0))
        parts = [(klass, *by_class.get((key, klass), (0, 0))) for klass in CLASSES]
        return {
            "name": name,
            "url": self.drilled(place) if place else "",
            "done": done,
            "total": total,
            "done_url": self.villages(place, covered="yes"),
            "total_url": self.villages(place),
            "left": total - done,
            "left_url": self.villages(place, covered="no"),
            "pct": share(done, total),
            "sum": place is None,
            "shares": [(self.class_name(klass), n) for klass, _done, n in parts],
            "classes": [
                {
                    "done": part,
                    "total": whole,
                    "pct": share(part, whole) or 0.0,
                    "done_url": self.villages(place, klass=klass or NO_CLASS, covered="yes"),
                    "total_url": self.villages(place, klass=klass or NO_CLASS),
                }
                for klass, part, whole in parts
            ],
        }

    @cached_property
    def by_year(self) -> list[Row]:
        """Coverage at the end of each year of the term beside the target."""
        lines = self.figures.coverage.by_year if self.figures.coverage else []
        return [
            {
                "name": line.label,
                "done": {"n": line.done, "url": self.villages(covered="yes", by=line.key)},
                "total": {"n": line.total, "url": self.villages(by=line.key)},
                "pct": line.pct,
                "goal": line.goal,
                "behind": line.behind,
            }
            for line in lines
        ]

    @property
    def goal(self) -> int | None:
        return self.figures.coverage.whole.goal if self.figures.coverage else None

    @cached_property
    def heat(self) -> Row:
        """Place × point; shades by the largest cell."""
        figures = self.figures
        most = max(figures.found.values(), default=0)
        used = figures.points
        rows = [row for place in figures.places if (row := self._heat_row(place, most))["total"]]
        by_point = {one.code: sum(n for (_at, code), n in figures.found.items() if code == one.code) for one in used}
        aspects: dict[str, Row] = {}
        for one in used:
            of_aspect = {"name": one.aspect, "span": 0, "n": 0, "url": self.findings(aspect=one.aspect_code)}
            row = aspects.setdefault(one.aspect_code, of_aspect)
            row["span"] += 1
            row["n"] += by_point[one.code]
        return {
            "aspects": list(aspects.values()),
            "points": [
                {"code": one.code, "name": one.name, "n": by_point[one.code], "url": self.findings(point=one.code)}
                for one in used
            ],
            "rows": rows,
            "without": len(figures.places) - len(rows),
            "total": sum(figures.found.values()),
            "url": self.findings(),
        }

    def _heat_row(self, place: Place, most: int) -> Row:
        cells: list[Row] = []
        for one in self.figures.points:
            n = self.figures.found.get((place.pk, one.code), 0)
            shade = -(-n * SHADES // most) if most else 0
            cells.append({"n": n, "shade": shade, "url": self.findings(place, point=one.code)})
        total = {"total": sum(cell["n"] for cell in cells), "total_url": self.findings(place)}
        return total | {"name": place.name, "url": self.drilled(place), "cells": cells}

    @cached_property
    def often(self) -> list[Row]:
        rows, most = self.figures.often, max((one.findings for one in self.figures.often), default=0)
        return [
            {"code": one.code, "name": one.text, "n": one.findings, "pct": share(one.findings, most)}
            | {"url": self.findings(item=one.code)}
            for one in rows
        ]

    @cached_property
    def funnel(self) -> list[Row]:
        """How many have come to each step or further, and how many stand at it now."""
        sums, rows = self.figures.sums, []
        words = (_("交办"), _("签收"), _("提交验收"), _("监督通过"), _("销号"))
        for number, (status, word) in enumerate(zip(ItemStatus, words, strict=True)):
            n = sum(sums[f"is_{later.lower()}"] for later in list(ItemStatus)[number:])
            stands = sums[f"is_{status.lower()}"]
            rows.append(
                {
                    "name": word,
                    "n": n,
                    "pct": share(n, sums["total"]),
                    "url": self.items(reached=status) if number else self.items(),
                    "stands": stands,
                    "stands_word": status.label,
                    "stands_url": self.items(status=status),
                }
            )
        return rows

    @cached_property
    def rates(self) -> list[Row]:
        """Rectification by place, the red ones first; the last row is all. Places with nothing to do are left out."""
        states = self.figures.states
        rows = [self._rate(one.name, one, states[one.pk]) for one in self.figures.places if one.pk in states]
        rows.sort(key=lambda row: (-row["overdue"]["n"], -row["amber"]["n"], row["pct"] is None, row["pct"] or 0))
        return [*rows, self._rate(_("合计"), None, self.figures.sums)]

    def _rate(self, name: str, place: Place | None, of: Any) -> Row:
        total, closed, late = of.get("total", 0), of.get("is_closed", 0), of.get("overdue", 0)
        amber, still = of.get("amber", 0), total - closed
        light = Light.RED if late else Light.AMBER if amber else Light.GREEN if still else Light.GREY
        tabs = (("total", total, "all"), ("closed", closed, "closed"), ("open", still, "open"))
        numbers = {key: {"n": n, "url": self.items(place, tab=tab)} for key, n, tab in tabs}
        return numbers | {
            "name": name,
            "url": self.drilled(place) if place else "",
            "amber": {"n": amber, "url": self.items(place, tab="soon")},
            "overdue": {"n": late, "url": self.items(place, tab="overdue")},
            "pct": share(closed, total),
            "light": light,
            "ages": [self._aged(key, of.get(f"age_{key}", 0), place) for key in AGES],
            "sum": place is None,
        }

    def _aged(self, key: str, n: int, place: Place | None) -> Row:
        first, last = aged(key, today())
        return {"n": n, "url": self.items(place, tab="overdue", due_from=first, due_to=last)}

    @property
    def ages(self) -> list[str]:
        return [str(label) for label, _first, _last in AGES.values()]

    @cached_property
    def took(self) -> list[Row]:
        rows, closed = [], self.figures.sums["is_closed"]
        for key, (label, _first, _last) in TOOK.items():
            n = self.figures.sums[f"took_{key}"]
            rows.append({"name": label, "n": n, "pct": share(n, closed), "url": self.items(took=key)})
        return rows

    @cached_property
    def content(self) -> list[Row]:
        """满意度 by place, as far as the reader may be told; the last row is all."""
        found = self.figures.content
        rows = [self._content(one.name, one, found[one.pk]) for one in self.figures.places if one.pk in found]
        return [*rows, self._content(_("合计"), None, total(found))] if rows else []

    def _content(self, name: str, place: Place | None, of: Content) -> Row:
        exact = self.figures.exact
        return {
            "name": name,
            "url": self.drilled(place) if place else "",
            "items": {"n": of.items, "url": self.items(place, polled="yes")},
            "asked": of.told(exact),
            "pct": of.percent(exact),
            "sum": place is None,
        }

    @cached_property
    def trend(self) -> Row:
        figures = self.figures
        rows = [
            {
                "name": month,
                "assigned": {"n": figures.assigned[month], "url": self.items(assigned=month)},
                "closed": {"n": figures.closed[month], "url": self.items(closed=month)},
            }
            for month in figures.months
        ]
        series = [(_("交办"), list(figures.assigned.values())), (_("销号"), list(figures.closed.values()))]
        return {"rows": rows, "labels": [_short(month) for month in figures.months], "series": series}

    @cached_property
    def years(self) -> list[Row]:
        known: list[int | None] = [None, *self.figures.years]
        return [{"label": one or _("全部年度"), "url": self.board(year=one)} | self._current(one) for one in known]

    def _current(self, year: int | None) -> Row:
        return {"current": self.asked.year == year}


def kpi(label: str, value: Any, unit: str, url: str, note: str) -> Row:
    shown = "—" if value is None else tenth(value) if isinstance(value, float) else value
    return {"label": label, "value": shown, "unit": unit if value is not None else "", "url": url, "note": note}


def _of(part: int, whole: int, unit: str) -> str:
    return f"{part} / {whole} {unit}"


def _short(month: str) -> str:
    return _("%s月") % int(month[5:])
