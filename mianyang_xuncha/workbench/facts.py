"""What the workbench reads. Small reads travel in one statement, so that the page stays within 15 queries."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from common import policy
from common.calendar import today
from common.counting import capped_counts
from common.gather import Rows, gather
from inspections.enums import NUMBERED, UNDECIDED, Stage
from inspections.models import Finding, Inspection
from inspections.selectors import coverage as ledger_of_term
from oversight.models import Assessment, Campaign, Circular, CircularReceipt, CommonIssue, SelfCheck
from oversight.selectors.appraisals import to_mark as papers_to_mark
from oversight.selectors.assessments import to_enforce as assessments_to_enforce
from oversight.selectors.campaigns import waiting as campaigns_waiting
from oversight.selectors.circulars import to_issue as circulars_to_issue
from oversight.selectors.circulars import to_read as circulars_to_read
from oversight.selectors.common import to_decide as issues_to_decide
from oversight.selectors.occasions import to_answer, to_settle
from oversight.selectors.self_checks import to_do as self_checks_to_do
from rectification.enums import OPEN, ResponsibleKind
from rectification.models import CountySetting, RectificationItem, Responsible
from rectification.selectors import AMBER_DAYS, Ledger
from rectification.selectors.clues import waiting as waiting_clues
from villages.enums import ClassificationStatus, VillageStatus
from villages.models import Classification, RosterImport, Village
from villages.selectors.undecided import undecided

MOST_URGED = 100


@dataclass(frozen=True)
class Late:
    """An overdue item as the list shows it."""

    pk: int
    title: str
    village: str
    township: str
    township_id: int
    county_id: int
    village_id: int
    leader: str | None
    deadline: date

    @property
    def days(self) -> int:
        return (today() - self.deadline).days


@dataclass
class Facts:
    """One person's figures of today, each read when a card first asks for it."""

    user: User
    with_coverage: bool = False

    @cached_property
    def first(self) -> dict[str, Rows]:
        """Everything that waits for nothing else, in one statement."""
        parts = {"amber": _amber(), "late": _late(self.user)}
        return gather(parts | (ledger_of_term.parts(self.user) if self.with_coverage else {}))

    @cached_property
    def amber(self) -> dict[int, int]:
        return dict(map(tuple, self.first["amber"]))

    @cached_property
    def late(self) -> list[Late]:
        return [Late(*[*row[:-1], _day(row[-1])]) for row in self.first["late"]]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Rows by tab of the ledger, inspections by stage, findings by state, classes waiting: one statement."""
        parts: dict[str, QuerySet[Any]] = {}
        if policy.may(self.user, "view", RectificationItem):
            parts |= Ledger(self.user, amber=self.amber).by_tab()
        if (clues := waiting_clues(self.user)) is not None:
            parts["clues"] = clues
        parts |= _oversight(self.user)
        parts |= {"to_answer": to_answer(self.user), "to_settle": to_settle(self.user)}
        return capped_counts(parts | _inspections(self.user) | _findings(self.user) | _villages(self.user))

    @cached_property
    def villages(self) -> "list[ledger_of_term.Standing]":
        """Villages as they ever stood."""
        return ledger_of_term.standings(self.first["villages"])

    @cached_property
    def ledger(self) -> "ledger_of_term.Ledger | None":
        """The ledger of the term around today, or of the first one to come."""
        return ledger_of_term.ledger_of(self.first)

    @cached_property
    def coverage(self) -> "ledger_of_term.Coverage | None":
        return ledger_of_term.tally(self.ledger) if self.ledger else None

    def covered_by_county(self) -> dict[int, tuple[int, int]]:
        """County → (covered, all) of its villages of today."""
        found: dict[int, tuple[int, int]] = {}
        done = self.ledger.covered(self.ledger.last_day) if self.ledger else {}
        for one in self.villages:
            if one.stands_on(today()):
                covered, total = found.get(one.county, (0, 0))
                found[one.county] = covered + (one.pk in done), total + 1
        return found


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _amber() -> "QuerySet[Any]":
    return CountySetting.objects.exclude(amber_days=AMBER_DAYS).values_list("county_id", "amber_days")


def _late(user: User) -> "QuerySet[Any]":
    """The longest overdue first, as many as can be urged at once and one more."""
    late = Q(status__in=OPEN, deadline__lt=today())
    leader = Responsible.objects.filter(item=OuterRef("pk"), kind=ResponsibleKind.LEADER).values("name")[:1]
    rows = policy.visible(user, RectificationItem.objects.filter(late), "tally").order_by("deadline", "id")
    village = F("village__division__name")
    places = ("township_id", "county_id", "village_id")
    names = ("finding__title", village, F("township__name"))
    shown = rows.values_list("pk", *names, *places, Subquery(leader), "deadline")
    return shown[: MOST_URGED + 1]


def _inspections(user: User) -> "dict[str, QuerySet[Any]]":
    if not policy.may(user, "view", Inspection):
        return {}
    seen = policy.visible(user, Inspection.objects.all())
    stages = {
        f"stage_{stage.lower()}": seen.filter(status=stage) for stage in (Stage.BEFORE, Stage.DURING, Stage.AFTER)
    }
    return stages | {"without_team": seen.filter(status=Stage.BEFORE, team=None)}


def _findings(user: User) -> "dict[str, QuerySet[Any]]":
    if not policy.may(user, "view", Finding):
        return {}
    seen = policy.visible(user, Finding.objects.all())
    decided = {f"finding_{state.lower()}": seen.filter(status=state) for state in NUMBERED}
    return {"finding_draft": seen.filter(status__in=UNDECIDED)} | decided


def _oversight(user: User) -> "dict[str, QuerySet[Any]]":
    """Common issues to decide on, campaigns to work at or to accept, circulars to read or to issue, self-checks."""
    parts: dict[str, QuerySet[Any]] = {}
    if policy.may(user, "approve", CommonIssue):
        parts["issues"] = issues_to_decide(user)
    if policy.may(user, "lead", Campaign) or policy.may(user, "accept", Campaign):
        parts["campaigns"] = campaigns_waiting(user)
    if policy.may(user, "read", CircularReceipt):
        parts["to_read"] = circulars_to_read(user)
    if policy.may(user, "issue", Circular):
        parts["to_issue"] = circulars_to_issue(user)
    if policy.may(user, "answer", SelfCheck):
        parts["self_checks"] = self_checks_to_do(user)
    if policy.may(user, "enforce", Assessment):
        parts["to_enforce"] = assessments_to_enforce(user)
    if policy.may(user, "run", Inspection):
        parts["to_mark"] = papers_to_mark(user)
    return parts


def _villages(user: User) -> "dict[str, QuerySet[Any]]":
    active = policy.visible(user, Village.objects.filter(status=VillageStatus.ACTIVE))
    parts: dict[str, QuerySet[Any]] = {"villages": active}
    if policy.may(user, "view", Classification):
        parts["unclassed"] = active.filter(klass=None)
        waiting = Classification.objects.filter(status=ClassificationStatus.PROPOSED)
        proposed = waiting.filter(village__status=VillageStatus.ACTIVE)
        parts["proposed"] = policy.visible(user, proposed)
        parts["to_approve"] = policy.visible(user, proposed, "approve").exclude(proposer=user)
    if policy.may(user, "adjust", Village):
        parts["undecided"] = undecided(user)
    if policy.may(user, "commit", RosterImport):
        parts["to_commit"] = waiting_imports(user)
    return parts


def waiting_imports(user: User) -> "QuerySet[RosterImport]":
    """Previews of the last week that somebody still has to confirm or discard."""
    open_ones = RosterImport.objects.filter(committed_at=None, discarded_at=None, failed_at=None, job="")
    return policy.visible(user, open_ones, "commit").filter(uploaded_at__date__gte=today() - timedelta(days=7))
