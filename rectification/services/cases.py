"""协作 with discipline (E10): what came of a case is recorded by the commission, against a clue or a finding."""

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, calendar, policy
from common.once import sent_before
from inspections.models import Finding
from rectification.models import CaseResult, Clue


@transaction.atomic
def record_case(
    *,
    actor: User,
    key: UUID,
    outcome: str,
    people: int,
    concluded_on: date,
    clue: Clue | None = None,
    finding: Finding | None = None,
    document_number: str = "",
) -> CaseResult:
    """Link a case's result to the clue that its receiver has in hand, or to a finding that has been fed back.

    Kind, number of people, paper's number and day: no name and no facts come here. A `key` (one per opened form) makes
    a form that was sent twice one result. Nothing is written into a row that township or village is shown.
    """
    origin = clue or finding
    if origin is None or (clue and finding):
        raise ValidationError(_("案件处理结果须对应一条线索或者一个问题。"))
    case = CaseResult(
        county=origin.county,
        key=key,
        clue=clue,
        finding=finding,
        outcome=outcome,
        people=people,
        document_number=document_number.strip(),
        concluded_on=concluded_on,
        recorded_by=actor,
    )
    policy.allows(actor, "add", case).demand()
    if concluded_on > calendar.today():
        raise ValidationError({"concluded_on": _("办结日期不能晚于今天。")})
    if sent := sent_before(CaseResult, key, recorded_by=actor):
        return sent
    case.save()
    audit.record("record_case", case, actor=actor)
    return case
