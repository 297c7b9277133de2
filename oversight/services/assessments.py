"""目标考核 (G3): a scheme is drawn up, put in force, given points by hand, and published once."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import Division, User
from common import audit, policy, workflow
from common.calendar import today
from common.once import sent_before
from oversight.enums import AssessmentStatus
from oversight.models import Assessment, CountyScore, Indicator, PointsGiven, ScoreLine
from oversight.selectors.assessments import counties_of, preview

from .telling import tell_counties

Scheme = Mapping[str, tuple[int, int]]
"""Measure → (weight, from which percentage on it has all its points)."""


@transaction.atomic
def draw_up_assessment(
    *, year: int, title: str, note: str, most_points: int, scheme: Scheme, actor: User
) -> Assessment:
    """A city's scheme for a year, one a year. Needs "add"; raises ValidationError where the year has one."""
    place = actor.division
    row = Assessment(
        place=place, year=year, title=title.strip(), note=note.strip(), most_points=most_points, made_by=actor
    )
    policy.allows(actor, "add", row).demand()
    if Assessment.objects.filter(place=place, year=year).exists():
        raise ValidationError({"year": _("%s 年已有考核方案，请打开它修改。") % year})
    row.save()
    _write(row, scheme)
    audit.record("draw_up_assessment", row, actor=actor, target=row.status, changes=_told({}, scheme))
    return row


@transaction.atomic
def edit_assessment(
    *, assessment: Assessment, title: str, note: str, most_points: int, scheme: Scheme, actor: User, version: Any = None
) -> Assessment:
    """Change what is still a draft. Raises Conflict once it is in force."""
    row = workflow.apply(
        assessment,
        "edit",
        actor=actor,
        version=version,
        title=title.strip(),
        note=note.strip(),
        most_points=most_points,
    )
    before = {one.measure: (one.weight, one.full_at) for one in row.indicators.all()}
    if before != dict(scheme):
        row.indicators.all().delete()
        _write(row, scheme)
        audit.record("edit_indicators", row, actor=actor, changes=_told(before, scheme))
    return row


def _write(assessment: Assessment, scheme: Scheme) -> None:
    if not scheme:
        raise ValidationError(_("请至少给一项指标填权重。"))
    Indicator.objects.bulk_create(
        Indicator(assessment=assessment, measure=measure, weight=weight, full_at=full_at)
        for measure, (weight, full_at) in scheme.items()
    )


def _told(before: Scheme, after: Scheme) -> dict[str, Any]:
    old, new = (
        {one: f"{weight} / {full_at}%" for one, (weight, full_at) in scheme.items()} for scheme in (before, after)
    )
    return audit.diff(old, new | dict.fromkeys(old.keys() - new.keys()))


@transaction.atomic
def enforce_assessment(*, assessment: Assessment, actor: User, note: str = "") -> Assessment:
    """From now on the weights stay. Needs weights that add up to 100 and a second person; tells the counties."""
    row = workflow.apply(assessment, "enforce", actor=actor, note=note)
    tell_counties(row)
    return row


@transaction.atomic
def give_points(
    *,
    assessment: Assessment,
    county: Division,
    points: Decimal,
    reason: str,
    actor: User,
    key: UUID | None = None,
) -> PointsGiven:
    """Add or take points by hand, with the reason; together at most the scheme's limit, either way. Needs "give".

    A `key` (one per opened form) makes a form that was sent twice one entry.
    """
    assessment = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    policy.allows(actor, "give", assessment).demand()
    told = {"assessment": assessment, "county": county, "points": points, "reason": reason.strip(), "given_by": actor}
    if sent := sent_before(PointsGiven, key, **told):
        return sent
    if county not in counties_of(assessment):
        raise ValidationError({"county": _("%s 不在本市，请重新选择。") % county})
    most = assessment.most_points
    so_far = assessment.given.filter(county=county).aggregate(sum=Sum("points"))["sum"] or Decimal(0)
    if abs(so_far + points) > most:
        sums = {"county": county.name, "sum": f"{so_far:+}", "most": most}
        raise ValidationError(
            {"points": _("%(county)s 已加减 %(sum)s 分，合计不能超过正负 %(most)s 分，请改小。") % sums}
        )
    row = PointsGiven.objects.create(**told, given_on=today(), key=key)
    changes = {"points": [None, str(points)], "county": [None, county.name]}
    audit.record("give_points", assessment, actor=actor, note=row.reason, changes=changes)
    return row


@transaction.atomic
def publish_assessment(*, assessment: Assessment, is_ranked: bool, actor: User, version: Any = None) -> Assessment:
    """Write down the scores of this day for good and tell the counties. Needs "publish"; once published nothing of it
    changes, whatever becomes of the data."""
    row = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if row.status == AssessmentStatus.IN_FORCE:
        policy.allows(actor, "publish", row).demand()
        _freeze(row, actor)
    day: date = today()
    row = workflow.apply(
        row, "publish", actor=actor, version=version, is_ranked=is_ranked, published_by=actor, published_on=day
    )
    tell_counties(row)
    return row


def _freeze(assessment: Assessment, actor: User) -> None:
    results = preview(actor, assessment)
    if not results:
        raise ValidationError(_("本市还没有县（市、区），不能公布。"))
    scores = CountyScore.objects.bulk_create(
        CountyScore(
            assessment=assessment,
            county=row.county,
            computed=row.computed,
            given=row.given,
            total=row.total,
            rank=row.rank,
        )
        for row in results
    )
    ScoreLine.objects.bulk_create(
        ScoreLine(
            score=score,
            indicator=line.indicator,
            part=line.basis.part,
            whole=line.basis.whole,
            rows=line.basis.rows,
            points=line.points,
        )
        for score, row in zip(scores, results, strict=True)
        for line in row.lines
    )
