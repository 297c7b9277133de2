"""激励考核 (G7): how teams and members did in a plan year. Nothing is ranked, and nothing counts how much was typed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Division, User
from common import policy
from common.calendar import today
from inspections.enums import NUMBERED, FindingStatus, Stage
from inspections.models import AnnualPlan, Finding, Inspection, Team, TeamMember
from inspections.selectors.work import ENTERED, sent_back, while_on
from oversight.models import Commendation, Occasion, QualityMark

LATELY = timedelta(days=120)  # so long after closing the leaders are asked for marks
Counts = Mapping[int, Mapping[str, int]]


@dataclass
class Done:
    """What a team or a member did: inspections entered and closed, findings, marks, commendations."""

    name: str
    about: str
    pk: int
    teams: list[str] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """Whose work: of a county's rounds in a plan year, or of one person wherever he was sent."""

    year: int
    county: Division | None = None
    person: User | None = None

    def of(self, round_path: str, **person: Any) -> Q:
        """Rows whose round (at `round_path`) is asked for."""
        asked = Q(**{f"{round_path}__plan__year": self.year})
        if self.county:
            asked &= Q(**{f"{round_path}__county": self.county})
        return asked & Q(**person) if self.person else asked


def years(county: Division) -> list[int]:
    return list(AnnualPlan.objects.filter(county=county).order_by("-year").values_list("year", flat=True).distinct())


def teams(asked: Asked) -> list[Done]:
    """By round and name. Five statements."""
    rows = (
        Team.objects.filter(asked.of("round")).select_related("round", "organ").order_by("round__number", "name", "pk")
    )
    inspected = Inspection.objects.filter(asked.of("round"), team__isnull=False).order_by()
    found = _summed(
        inspected.values_list("team_id").annotate(**_inspected("")),
        _findings(asked).values_list("inspection__team_id").annotate(**_judged()),
        names=(("entered", "closed"), ("confirmed", "returned")),
    )
    _by_grade(found, _marks(asked).values_list("inspection__team_id", "grade").annotate(n=Count("pk")))
    _commended(found, _of_teams(asked).values_list("team_id"))
    return [Done(one.name, f"{one.round} · {one.organ.name}", one.pk, counts=found[one.pk]) for one in rows]


def members(asked: Asked) -> list[Done]:
    """By organ and name. Six statements."""
    grants = TeamMember.objects.filter(asked.of("team__round", user=asked.person)).order_by()
    findings = _findings(asked)
    found = _summed(
        grants.filter(while_on("", "team__inspections__"))
        .values_list("user_id")
        .annotate(**_inspected("team__inspections__")),
        *(
            findings.filter(**({who: asked.person} if asked.person else {f"{who}__isnull": False}))
            .values_list(f"{who}_id")
            .annotate(**_judged())
            for who in ("inspector", "second_inspector")
        ),
        names=(("entered", "closed"), ("confirmed", "returned"), ("confirmed", "returned")),
    )
    marks = _marks(asked)
    marks = marks.filter(member=asked.person) if asked.person else marks
    _by_grade(found, marks.values_list("member_id", "grade").annotate(n=Count("pk")))
    praised = _of_people(asked)
    _commended(found, praised.values_list("member_id"))
    people: dict[int, Done] = {}
    for one in grants.select_related("user__organ", "team").order_by("user__organ__name", "user__full_name", "pk"):
        about = (str(one.user), one.user.organ.name, one.user_id)
        done = people.setdefault(one.user_id, Done(*about, counts=found[one.user_id]))
        done.teams.append(f"{one.team}（{one.get_post_display()}）")
        done.posts.append(one.get_post_display())
    for done in people.values():  # the same from round to round is said once
        done.teams, done.posts = list(dict.fromkeys(done.teams)), list(dict.fromkeys(done.posts))
    return list(people.values())


def _summed(*parts: Iterable[Any], names: Iterable[tuple[str, ...]]) -> dict[int, Counter[str]]:
    """Key → counts; the same name in two parts adds up. Unknown keys have none."""
    found: dict[int, Counter[str]] = _Nothing()
    for rows, columns in zip(parts, names, strict=True):
        for key, *numbers in rows:
            found[key].update(dict(zip(columns, numbers, strict=True)))
    return found


class _Nothing(dict[int, Counter[str]]):
    def __missing__(self, key: int) -> Counter[str]:
        self[key] = Counter()
        return self[key]


def _inspected(path: str) -> dict[str, Any]:
    def count(*stages: str) -> Count:
        return Count(f"{path}pk", filter=Q(**{f"{path}status__in": stages}), distinct=True)

    return {"entered": count(*ENTERED), "closed": count(Stage.CLOSED)}


def _judged() -> dict[str, Any]:
    """Confirmed, and sent back at a review."""
    return {
        "confirmed": Count("pk", filter=Q(status__in=NUMBERED)),
        "returned": Count("pk", filter=sent_back()),
    }


def _findings(asked: Asked) -> "QuerySet[Finding]":
    """Without what became a clue: nobody counts those here."""
    rows = Finding.objects.filter(asked.of("inspection__round")).exclude(status=FindingStatus.REFERRED)
    return rows.order_by()


def _marks(asked: Asked) -> "QuerySet[QualityMark]":
    return QualityMark.objects.filter(asked.of("inspection__round")).order_by()


def _of_teams(asked: Asked) -> "QuerySet[Commendation]":
    return Commendation.objects.filter(asked.of("team__round")).order_by()


def _of_people(asked: Asked) -> "QuerySet[Commendation]":
    """By the year of the appraisal: a person, other than a team, belongs to no round."""
    rows = Commendation.objects.filter(occasion__day__year=asked.year, member__isnull=False).order_by()
    rows = rows.filter(county=asked.county) if asked.county else rows
    return rows.filter(member=asked.person) if asked.person else rows


def _by_grade(found: dict[int, Counter[str]], rows: Iterable[Any]) -> None:
    for key, grade, n in rows:
        found[key][grade] += n


def _commended(found: dict[int, Counter[str]], rows: Any) -> None:
    for key, n in rows.annotate(n=Count("pk")):
        found[key]["commended"] += n


@dataclass(frozen=True)
class Behind:
    """The marks or the commendations that a figure counts: of one team or one member of the county's in a year."""

    asked: Asked
    grade: str = ""
    team: int | None = None
    member: int | None = None

    def marks(self, user: Any) -> "QuerySet[QualityMark]":
        whose = {"inspection__team_id": self.team, "member_id": self.member, "grade": self.grade}
        rows = policy.visible(user, _marks(self.asked)).filter(
            **{path: value for path, value in whose.items() if value}
        )
        around = ("inspection__village__division", "inspection__township", "inspection__team", "member", "given_by")
        return rows.select_related(*around)

    def commendations(self, user: Any) -> "QuerySet[Commendation]":
        rows = _of_teams(self.asked).filter(team=self.team) if self.team else _of_people(self.asked)
        rows = policy.visible(user, rows)
        rows = rows.filter(member=self.member) if self.member else rows
        return rows.select_related("occasion", "team", "member")


# Marks and commendations


def unmarked(rows: "QuerySet[Inspection]", user: Any) -> "QuerySet[Inspection]":
    """Of closed inspections, those with somebody on the team, other than the person, whose papers have no mark yet."""
    marked = QualityMark.objects.filter(inspection=OuterRef(OuterRef("pk")), member=OuterRef("user_id"))
    left = TeamMember.objects.filter(~Exists(marked), team=OuterRef("team_id")).exclude(user=user)
    return rows.filter(Exists(left), status=Stage.CLOSED)


def to_mark(user: Any) -> "QuerySet[Inspection]":
    """On the desk of those who lead a team: closed lately, not yet marked."""
    led = policy.visible(user, Inspection.objects.filter(closed_on__gte=today() - LATELY), "run")
    return unmarked(led, user).order_by("closed_on", "pk")


def unmarked_of(county: Division, year: int, user: Any) -> "QuerySet[Inspection]":
    rows = Inspection.objects.filter(county=county, round__plan__year=year)
    return unmarked(rows, user).select_related("village__division", "township", "team").order_by("closed_on", "pk")


def to_be_marked(inspection: Inspection, user: Any) -> list[TeamMember]:
    """Those on the team whose papers the person has still to mark."""
    marked = QualityMark.objects.filter(inspection=inspection, member=OuterRef("user_id"))
    rows = TeamMember.objects.filter(~Exists(marked), team=inspection.team).exclude(user=user)
    return list(rows.select_related("user__organ").order_by("pk"))


def marks_of(inspection: Inspection) -> "QuerySet[QualityMark]":
    return QualityMark.objects.filter(inspection=inspection).select_related("member", "given_by").order_by("pk")


def own_marks(user: Any, year: int) -> list[QualityMark]:
    """The person's marks, each with `where` as long as the grant for that place lasts."""
    rows = policy.visible(user, QualityMark.objects.filter(inspection__round__plan__year=year), "view_own")
    found = list(
        rows.select_related("inspection__village__division", "inspection__township", "given_by").order_by("pk")
    )
    ids = [one.inspection_id for one in found]
    seen = set(policy.visible(user, Inspection.objects.filter(pk__in=ids)).values_list("pk", flat=True))
    for one in found:
        one.where = one.inspection.place if one.inspection_id in seen else ""  # type: ignore[attr-defined]
    return found


def commendable(occasion: Occasion) -> tuple[list[Team], list[User]]:
    """Teams and people of the county's rounds in the appraisal's year and the one before."""
    since = Q(round__county=occasion.county, round__plan__year__gte=occasion.day.year - 1)
    rows = list(Team.objects.filter(since).select_related("round").order_by("round__plan__year", "round__number", "pk"))
    people = User.objects.filter(memberships__team__in=rows).select_related("organ").distinct()
    return rows, list(people.order_by("organ__name", "full_name", "pk"))


def commendations_of(user: Any, occasion: Occasion) -> "QuerySet[Commendation]":
    rows = policy.visible(user, Commendation.objects.filter(occasion=occasion))
    return rows.select_related("team__round", "member__organ").order_by("pk")
