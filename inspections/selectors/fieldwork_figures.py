"""How much was done in the villages, as counts for those above team and office (domain.md, who sees what).

One table and no way to narrow it: by county for the city, by round for a county. Only inspections whose village has
been left count, each as a whole. Talks and visits are not told apart by kind, and are blurred for everybody who may
not know who was talked to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.enums import Role, Tier
from common import policy
from common.calendar import today
from common.small_counts import blurred
from inspections.enums import RecordStatus, Stage
from inspections.models import ConsultedDocument, Conversation, Duty, Inspection, Mobilisation, Visit
from inspections.models.fieldwork import FieldRecord
from inspections.rules import WORKERS

LEFT = (Stage.AFTER, Stage.CLOSED)
COUNTED: dict[str, Any] = {"told": Mobilisation, "talks": Conversation, "visits": Visit, "read": ConsultedDocument}


@dataclass(frozen=True)
class Line:
    """One county or round."""

    name: str
    villages: int
    told: int
    talks: str
    visits: str
    read: int
    late: int


def figures(user: Any) -> list[Line]:
    """The lines that this person may see, in two statements."""
    # Who is on a team may know who was talked to there, which is not the whole line.
    exact = user.organ.role == Role.COUNTY_OFFICE and user.post in WORKERS
    shown: Callable[[int], str] = str if exact else blurred
    by = ("county_id", "county__name") if user.division.tier == Tier.CITY else ("round_id", "round__name")
    seen = policy.visible(user, Inspection.objects.all(), "count")
    late = dict(_late(seen, by[0]))
    left = seen.filter(status__in=LEFT).annotate(**{f"n_{name}": _count(model) for name, model in COUNTED.items()})
    sums = {name: Coalesce(Sum(f"n_{name}"), 0) for name in COUNTED}
    rows = left.order_by().values_list(*by).annotate(n=Count("id"), **sums).order_by(by[0])
    return [
        Line(name, n, told, shown(talks), shown(visits), read, late.get(key, 0))
        for key, name, n, told, talks, visits, read in rows
    ]


def _count(model: type[FieldRecord]) -> Subquery:
    rows = model._default_manager.filter(inspection=OuterRef("pk"), status=RecordStatus.RECORDED).order_by()
    return Subquery(rows.values("inspection").annotate(n=Count("pk")).values("n"))


def _late(seen: "QuerySet[Inspection]", by: str) -> Any:
    """Required duties past their day, of the inspections that are open."""
    rows: Any = Duty.objects.with_due().fitting().filter(inspection__in=seen, waits=True, due_on__lt=today())
    return rows.values_list(f"inspection__{by}").annotate(n=Count("id"))
