"""The large screen of a board: fewer places in larger type (H2)."""

from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from oversight.selectors.figures import total
from villages.enums import VillageClass

from .present import Board, Row, kpi

ROOM = 14  # places that a wall shows legibly


class Wall(Board):
    """A board on a wall: where there are more places than room, those that need it most, and how many are not shown."""

    @cached_property
    def cards(self) -> list[Row]:
        """As on the board; what villagers say stands for how long closing took."""
        exact, of = self.figures.exact, total(self.figures.content)
        pct = of.percent(exact)
        said = _("测评 %(items)s 件，参与人数 %(asked)s") % {"items": of.items, "asked": of.told(exact)}
        note = said if of.items else _("还没有测评")
        return [*self.kpis[:-1], kpi(_("群众满意度"), pct, "%", self.items(polled="yes"), note)]

    @cached_property
    def columns(self) -> Row:
        """Coverage by class of each place, as columns, those furthest behind first."""
        shown = _shown(self.covered[:-1])
        series: list[tuple[str, list[float]]] = [
            (self.class_name(one), [row["classes"][number]["pct"] for row in shown["rows"]])
            for number, one in enumerate(VillageClass.values)
        ]
        return shown | {"labels": [row["name"] for row in shown["rows"]], "series": series}

    @cached_property
    def hot(self) -> Row:
        """The rows of the heat map, most findings first."""
        return _shown(sorted(self.heat["rows"], key=lambda row: -row["total"]))

    @cached_property
    def lights(self) -> Row:
        return _shown(self.rates[:-1])


def _shown(rows: list[Any]) -> Row:
    return {"rows": rows[:ROOM], "rest": len(rows[ROOM:])}
