"""情况通报: its figures and its first text (G4)."""

from datetime import date
from typing import Any

from accounts.enums import OrganKind, Tier
from accounts.models import Division, Organ
from common.documents import long_day
from inspections.models import TermTarget
from inspections.selectors.papers.base import Draft
from oversight.models.circulars import EXAMPLES
from oversight.selectors.periods import Row, of_places, together

from .words import ahead_and_behind, months, most, percent, period, whole

RECEIVERS = {Tier.CITY: "各县（市、区）委巡察办", Tier.COUNTY: "各乡镇（街道）党委"}


def office_of(place: Division) -> str:
    office = Organ.objects.filter(division=place, kind=OrganKind.INSPECTION_OFFICE).first()
    return office.name if office else f"中共{place.name}委巡察办"


def circular(user: Any, place: Division, first: date, last: date) -> tuple[Draft, dict[str, Any]]:
    """(first text, figures). Figures are {"goal": percent or None, "rows": the columns of `periods.Row`}."""
    rows = of_places(user, place, first, last)
    city = place.pk if place.tier == Tier.CITY else place.parent_id
    target = TermTarget.objects.filter(term__city=city, year=last.year).order_by("-term__starts_on").first()
    goal = target.percent if target else None
    sections = [
        ("", f"现将{period(first, last)}{whole(place)}巡察和问题整改工作情况通报如下。"),
        ("总体情况", _overall(together(rows, place.name), last, goal)),
        ("各地情况", _places(rows)),
        (EXAMPLES, ""),
        ("下一步工作要求", "（请填写工作要求）"),
    ]
    title = f"关于{months(first, last)}巡察和整改工作情况的通报"
    draft = Draft(title, office_of(place), sections, to=RECEIVERS[Tier(place.tier)])
    return draft, {"goal": goal, "rows": [vars(row) for row in rows]}


def rows_of(figures: dict[str, Any]) -> list[Row]:
    return [Row(**row) for row in figures["rows"]]


def _overall(of: Row, last: date, goal: int | None) -> str:
    target = f"（年度目标{goal}%）" if goal is not None else ""
    covered = (
        f"巡察覆盖。截至{long_day(last)}，本届应巡察村（社区）{of.villages}个，已巡察{of.covered}个，"
        f"覆盖率{percent(of.coverage)}{target}；其中通报期内新巡察{of.newly}个。"
    )
    mended = (
        f"问题整改。累计交办整改事项{of.total}件，已销号{of.closed}件，销号率{percent(of.closure)}；通报期内交办"
        f"{of.assigned}件、销号{of.closed_in}件。通报期内到期{of.due}件，按期销号{of.on_time}件，"
        f"按期整改率{percent(of.punctual)}。超期未改{of.overdue}件。"
    )
    return f"（一）{covered}\n（二）{mended}"


def _places(rows: list[Row]) -> str:
    told = [
        ahead_and_behind(rows, lambda row: row.coverage, "巡察覆盖率"),
        ahead_and_behind(rows, lambda row: row.closure, "整改销号率")
        + ahead_and_behind(rows, lambda row: row.punctual, "按期整改率"),
        most([(row.name, row.overdue) for row in rows], "超期未改较多的是", "件"),
    ]
    return "\n".join(filter(None, [*told, "各地具体情况见附件。"]))
