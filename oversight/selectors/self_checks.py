"""Self-checks: which villages are asked, how far they are, and answers beside what inspection found later (F2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Division
from common import policy
from common.calendar import today
from inspections.enums import NUMBERED, FeedbackStatus, Stage
from inspections.models import Finding, Inspection, Term
from inspections.selectors.coverage import city_of, covered_on, current_term
from oversight.enums import Answer, CheckStatus
from oversight.models import SelfCheck, SelfCheckAnswer, SelfCheckNotice
from villages.enums import Change, VillageStatus
from villages.models import RosterChange, Village


def term_now(user: Any) -> Term | None:
    return current_term(city_of(user))


def not_inspected(county: Division, term: Term) -> list[Village]:
    """The county's villages that the term has neither covered nor begun to inspect."""
    begun = Inspection.objects.filter(round__plan__term=term, status__in=[Stage.DURING, Stage.AFTER])
    rows = Village.objects.filter(county=county, status=VillageStatus.ACTIVE)
    rows = rows.exclude(pk__in=begun.values("village_id"))
    done = covered_on(term, county.pk)
    found = rows.select_related("division", "township").order_by("division__code")
    return [one for one in found if one.pk not in done]


def notices(user: Any) -> "QuerySet[SelfCheckNotice]":
    """With `total`, `answered`, `confirmed` of the villages asked."""
    rows = policy.visible(user, SelfCheckNotice.objects.all()).select_related("county")
    answered = Q(checks__status__in=[CheckStatus.ANSWERED, CheckStatus.CONFIRMED])
    return rows.annotate(
        total=Count("checks"),
        answered=Count("checks", filter=answered),
        confirmed=Count("checks", filter=Q(checks__status=CheckStatus.CONFIRMED)),
    ).order_by("-id")


def notice_for_page() -> "QuerySet[SelfCheckNotice]":
    return SelfCheckNotice.objects.select_related("county", "issued_by__organ", "term")


def checks(user: Any, notice: SelfCheckNotice | None = None) -> "QuerySet[SelfCheck]":
    rows = policy.visible(user, SelfCheck.objects.all())
    rows = rows.filter(notice=notice) if notice else rows
    return rows.select_related("notice", "village__division", "origin__division", "township", "county").order_by(
        F("notice_id").desc(), "township__code", "village__division__code"
    )


def check_for_page() -> "QuerySet[SelfCheck]":
    return SelfCheck.objects.select_related(
        "notice",
        "village__division",
        "origin__division",
        "village__township",
        "township",
        "county",
        "answered_by__organ",
        "confirmed_by__organ",
    )


STATES = {
    "answered": _("已填报"),
    "confirmed": _("已确认"),
    "late": _("超期"),
    "tested": _("答过“无”、后来巡察了"),
    "untrue": _("答“无”不实"),
}


def counted(notice: SelfCheckNotice) -> dict[str, Q]:
    """What the figures of a notice count, so that each of them can open its rows."""
    late = Q(status__in=[CheckStatus.OPEN, CheckStatus.ANSWERED]) if notice.due_on < today() else Q(pk__in=[])
    return {"answered": ~Q(status=CheckStatus.OPEN), "confirmed": Q(status=CheckStatus.CONFIRMED), "late": late}


def checks_in(user: Any, notice: SelfCheckNotice, township: int | None, state: str) -> "QuerySet[SelfCheck]":
    """The villages behind a figure of the notice: of one township or all, in one of STATES or any."""
    rows = checks(user, notice)
    rows = rows.filter(township_id=township) if township else rows
    if state in ("tested", "untrue"):
        tested: Any = answers_tested(policy.visible(user, SelfCheck.objects.filter(notice=notice)))
        tested = tested.filter(untrue=True) if state == "untrue" else tested
        return rows.filter(pk__in=tested.values("check_of_id"))
    return rows.filter(counted(notice)[state]) if state else rows


def by_township(user: Any, notice: SelfCheckNotice) -> list[dict[str, Any]]:
    """{township_id, name, total, answered, confirmed, late}, those furthest behind first."""
    states = {name: Count("pk", filter=where) for name, where in counted(notice).items()}
    rows: Any = policy.visible(user, SelfCheck.objects.filter(notice=notice)).order_by().values("township_id")
    rows = rows.annotate(
        name=F("township__name"),
        total=Count("pk"),
        **states,
    )
    return sorted(rows, key=lambda row: (row["confirmed"] / row["total"], row["name"]))


def to_do(user: Any) -> "QuerySet[SelfCheck]":
    """To confirm (township), to answer (village)."""
    status, action = (
        (CheckStatus.ANSWERED, "confirm") if policy.may(user, "confirm", SelfCheck) else (CheckStatus.OPEN, "answer")
    )
    return policy.visible(user, SelfCheck.objects.filter(status=status), action)


def waiting(user: Any) -> list[dict[str, Any]]:
    """{title, due_on, n, url} of each notice; one query."""
    rows: Any = to_do(user).order_by().values("notice_id")
    rows = rows.annotate(title=F("notice__title"), due_on=F("notice__due_on"), n=Count("pk"), first=Min("pk"))
    found = []
    for row in rows.order_by("notice__due_on", "notice_id"):
        page = ("self_check", [row["first"]]) if row["n"] == 1 else ("self_checks", [])
        url = reverse(f"oversight:{page[0]}", args=page[1])
        found.append({"title": row["title"], "due_on": row["due_on"], "n": row["n"], "url": url})
    return found


# Answers beside findings


@dataclass(frozen=True)
class Compared:
    """One answer and what an inspection of the village found under the same item afterwards."""

    answer: SelfCheckAnswer
    findings: list[Finding]
    inspected: bool
    fed_back: bool  # until then an empty list says nothing

    @property
    def untrue(self) -> bool:
        """Answered 无 or 已改, and found all the same."""
        return bool(self.findings) and self.answer.answer != Answer.HAS


RECODED = RosterChange.objects.filter(village=OuterRef("check_of__village"), change=Change.RECODED)


def _began(here: Iterable[Any], whence: Iterable[Any], prefix: str = "") -> Q:
    """Inspections that began in a village of `here`, or in one of `whence` that has become another since."""
    where, origin = Q(pk__in=[]), Q(pk__in=[])
    for village in here:
        where |= Q(**{f"{prefix}village": village})
    for village in whence:
        origin |= Q(**{f"{prefix}origin": village})
    return where & Q(**{f"{prefix}origin": None}) | origin


def compared(user: Any, check: SelfCheck) -> list[Compared]:
    """Item by item, as far as the person may see what was found. Five queries."""
    answers = check.answers.annotate(renamed=Exists(RECODED)).select_related("item").order_by("item__code")
    village, origin = check.village_id, check.origin_id
    here = [village, check.village.successor_id] if any(one.renamed for one in answers) else [village]
    began = _began(here, filter(None, [village, origin]))
    later = Inspection.objects.filter(began, entered_on__gte=check.notice.issued_on).exclude(status=Stage.CANCELLED)
    inspected, fed_back = later.exists(), later.filter(feedbacks__status=FeedbackStatus.ISSUED).exists()
    found: dict[str, list[Finding]] = {}
    rows = policy.visible(user, Finding.objects.filter(status__in=NUMBERED, inspection__in=later))
    for one in rows.select_related("checklist_item").order_by("id"):
        found.setdefault(one.checklist_item.code, []).append(one)
    return [Compared(one, found.get(one.item.code, []), inspected, fed_back) for one in answers]


@dataclass(frozen=True)
class Untrue:
    """Of a township's answers 无 that an inspection could test, how many were untrue."""

    township_id: int
    name: str
    tested: int
    untrue: int

    @property
    def share(self) -> float:
        return self.untrue / self.tested * 100


def answers_tested(rows: "QuerySet[SelfCheck]", year: int | None = None) -> "QuerySet[SelfCheckAnswer]":
    """Confirmed answers 无 of these checks that an inspection could test since, each with `untrue`.

    Only villages that were inspected and given feedback after the notice; entered in `year`, where one is given. What
    was found belongs to the village where the inspection began, and to the same village under a new code.
    """
    since = {"entered_on__gte": OuterRef("check_of__notice__issued_on")} | ({"entered_on__year": year} if year else {})
    village = OuterRef("check_of__village")
    here, whence = (village, OuterRef("renamed")), (village, OuterRef("check_of__origin"))
    later = Inspection.objects.filter(_began(here, whence), **since)
    found = Finding.objects.filter(
        _began(here, whence, "inspection__"),
        status="FED_BACK",
        checklist_item__code=OuterRef("item__code"),
        **{f"inspection__{name}": value for name, value in since.items()},
    )
    confirmed = rows.filter(status=CheckStatus.CONFIRMED).order_by()
    renamed = Case(When(Exists(RECODED), then=F("check_of__village__successor")))
    answers = SelfCheckAnswer.objects.filter(check_of__in=confirmed, answer=Answer.NONE).annotate(renamed=renamed)
    fed_back = later.filter(feedbacks__status=FeedbackStatus.ISSUED)
    return answers.filter(Exists(fed_back)).annotate(untrue=Exists(found)).order_by()


def checks_tested(user: Any, county: int, year: int) -> "QuerySet[SelfCheck]":
    """The villages whose answers `answers_tested` counts, for the list behind an assessment (G3)."""
    rows = checks(user).filter(county_id=county)
    return rows.filter(pk__in=answers_tested(policy.visible(user, SelfCheck.objects.all()), year).values("check_of_id"))


def untrue_by_township(user: Any, notice: SelfCheckNotice) -> list[Untrue]:
    """The worst first. One query."""
    seen = policy.visible(user, SelfCheck.objects.filter(notice=notice))
    rows: Any = answers_tested(seen).values("check_of__township_id")
    counted = rows.annotate(
        name=F("check_of__township__name"), tested=Count("pk"), lies=Count("pk", filter=Q(untrue=True))
    )
    made = [Untrue(row["check_of__township_id"], row["name"], row["tested"], row["lies"]) for row in counted]
    return sorted(made, key=lambda one: (-one.share, one.name))
