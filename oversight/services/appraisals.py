"""激励考核 (G7): marks for papers after an inspection was closed, commendations that an appraisal decided on."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, policy
from common.calendar import today
from common.errors import Conflict
from inspections.enums import Stage
from inspections.models import Inspection, Team
from oversight.enums import Grade
from oversight.models import Commendation, Occasion, QualityMark
from oversight.selectors.appraisals import commendable, to_be_marked

Marks = Mapping[int, tuple[str, str]]
"""User → (grade, note)."""


def refuse_unless_closed(inspection: Inspection) -> None:
    """Raise Conflict while the inspection is under way: its papers are not finished."""
    if inspection.status != Stage.CLOSED:
        raise Conflict(_("“%s”还没有办结，办结之后再评价底稿。") % inspection)


@transaction.atomic
def mark_papers(*, inspection: Inspection, marks: Marks, actor: User) -> list[QualityMark]:
    """Mark the papers of members of the team, each once; those left out can be marked later. Needs "add".

    Raises Conflict before the inspection is closed, ValidationError for whoever is not on the team or has a mark, and
    for 须改进 without a word on what.
    """
    inspection = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    refuse_unless_closed(inspection)
    members = {one.user_id: one.user for one in to_be_marked(inspection, actor)}
    made = []
    for pk, (grade, note) in marks.items():
        if pk not in members:
            raise ValidationError(_("有人已经评价过，或不在这个巡察组，请刷新后再填。"))
        if grade == Grade.POOR and not note.strip():
            raise ValidationError({f"note_{pk}": _("评为“须改进”的，请写明改进什么。")})
        row = QualityMark(
            inspection=inspection,
            county_id=inspection.county_id,
            member=members[pk],
            grade=grade,
            note=note.strip(),
            given_by=actor,
            given_on=today(),
        )
        policy.allows(actor, "add", row).demand()
        row.save()
        audit.record("mark_papers", row, actor=actor, note=row.note)
        made.append(row)
    if not made:
        raise ValidationError(_("请至少评价一人。"))
    return made


@transaction.atomic
def commend(
    *, occasion: Occasion, text: str, actor: User, team: Team | None = None, member: User | None = None
) -> Commendation:
    """A team or a person is commended by an appraisal that was held. Needs "add"; raises ValidationError for others
    than those who inspected in the county, and for a second commendation by the same appraisal."""
    occasion = Occasion.objects.select_for_update(of=("self",)).select_related("county").get(pk=occasion.pk)
    row = Commendation(
        occasion=occasion, county_id=occasion.county_id, team=team, member=member, text=text.strip(), given_by=actor
    )
    policy.allows(actor, "add", row).demand()
    teams, people = commendable(occasion)
    if (team or member) not in [*teams, *people]:
        raise ValidationError({"who": _("只能表扬在本县参加过巡察的组和人，请重新选择。")})
    if Commendation.objects.filter(occasion=occasion, team=team, member=member).exists():
        raise ValidationError({"who": _("这次考核已经表扬过 %s。") % row})
    row.save()
    audit.record("commend", row, actor=actor, note=row.text)
    return row
