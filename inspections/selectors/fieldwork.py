"""What was done in one village, and what of 六必谈 and 四必访 is still missing (D3–D6)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from accounts.models import User
from inspections.enums import FOUR_VISITS, SIX_TALKS, GapAnswer, RecordStatus
from inspections.models import (
    Citation,
    Conversation,
    FieldworkGap,
    Finding,
    Inspection,
    Visit,
)
from inspections.models.fieldwork import CITED, FieldRecord, Interview

ORDER = [one.prefix for one in CITED.values()]
PLACE = ("inspection__village__division", "inspection__township", "inspection__county", "inspection__team")


def records(model: type[FieldRecord]) -> "QuerySet[Any]":
    """The queryset of one record, to be passed through the gate."""
    also = ("second_inspector",) if issubclass(model, Interview) else ()
    return model._default_manager.select_related("inspector", *also, *PLACE)


@dataclass(frozen=True)
class Need:
    """One of the six or the four: how often it was done, or why not."""

    kind: Any
    count: int
    gap: FieldworkGap | None

    @property
    def answered(self) -> bool:
        """Done, or there is nobody of the kind."""
        return bool(self.count) or (self.gap is not None and self.gap.answer == GapAnswer.NONE_SUCH)

    @property
    def told(self) -> bool:
        return bool(self.count) or self.gap is not None


@dataclass(frozen=True)
class Needs:
    """六必谈 or 四必访 of one inspection."""

    needs: list[Need]

    @property
    def done(self) -> int:
        return sum(one.answered for one in self.needs)

    @property
    def total(self) -> int:
        return len(self.needs)

    @property
    def pct(self) -> float:
        return self.done / self.total * 100

    @property
    def missing(self) -> list[Need]:
        return [one for one in self.needs if not one.told]


@dataclass(frozen=True)
class Progress:
    talks: Needs
    visits: Needs

    @property
    def explained(self) -> list[Need]:
        """What was not done, with the answer why."""
        return [one for one in (*self.talks.needs, *self.visits.needs) if one.gap and not one.count]

    @property
    def missing(self) -> list[Need]:
        return [*self.talks.missing, *self.visits.missing]


def progress(inspection: Inspection) -> Progress:
    """Six of talks and four of visits; what is void does not count."""
    gaps = {one.kind: one for one in inspection.gaps.select_related("by")}
    return Progress(
        Needs(_needs(SIX_TALKS, _kinds(inspection.conversations), gaps)),
        Needs(_needs(FOUR_VISITS, _kinds(inspection.visits), gaps)),
    )


def _kinds(rows: Any) -> "Counter[str]":
    found = rows.filter(status=RecordStatus.RECORDED).order_by().values_list("kind").annotate(n=Count("id"))
    return Counter(dict(found))


def _needs(kinds: Iterable[Any], counts: "Counter[str]", gaps: dict[str, FieldworkGap]) -> list[Need]:
    return [Need(kind, counts[kind], gaps.get(kind)) for kind in kinds]


def records_of(inspection: Inspection, model: type[FieldRecord]) -> "QuerySet[Any]":
    """What was written down of one kind, in its order, with the people and the files that a page shows."""
    also = ("second_inspector",) if issubclass(model, Interview) else ()
    rows: QuerySet[Any] = model._default_manager.filter(inspection=inspection).order_by("pk")
    rows = rows.select_related("inspector", *also)
    return rows if also else rows.prefetch_related("files")


def cited(*findings: Finding) -> list[Any]:
    """The records that findings of one inspection rest on, once each, talks first."""
    rows = Citation.objects.filter(finding__in=findings).select_related("conversation", "visit", "document")
    records = {one.record.number: one.record for one in rows}
    return sorted(records.values(), key=lambda one: (ORDER.index(one.prefix), one.number))


def citable(inspection: Inspection) -> list[Any]:
    """What a finding of the inspection can rest on: everything that is not void."""
    rows = (records_of(inspection, model).filter(status=RecordStatus.RECORDED) for model in CITED.values())
    return [one for some in rows for one in some]


def last_partner(inspection: Inspection, user: User, partners: Sequence[User]) -> User | None:
    """With whom the person went last, or the only one there is: what the form offers first."""
    rows = [
        model._default_manager.filter(inspection=inspection, inspector=user)
        .order_by("-pk")
        .values_list("second_inspector_id", "created_at")[:1]
        for model in (Conversation, Visit)
    ]
    found = [one for row in rows for one in row]
    last = max(found, key=lambda one: one[1])[0] if found else None
    fitting = [one for one in partners if one.pk == last] or (list(partners) if len(partners) == 1 else [])
    return fitting[0] if fitting else None
