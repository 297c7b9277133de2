"""问题线索: proposed, approved by another, handed to a named person, signed for, answered, closed (E4).

A clue is never a finding. Nothing here writes into a row that a township or village is shown; notices bear the
number alone. What a clue says is plain text in one place, `open_clue`, and each look is on record before it.
"""

import hashlib
import secrets
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Division, User
from common import audit, calendar, policy, workflow
from common.encryption import Secret, nothing
from common.errors import Conflict
from common.once import sent_before
from inspections.enums import Stage
from inspections.models import Finding, Inspection
from inspections.services import refer_finding, restore_finding
from inspections.services.rounds import county_mark
from rectification.enums import ClueRefusal, ClueResult, ClueStatus, DeadlineKind
from rectification.models import Clue
from rectification.selectors.clues import receivers_of

from .clue_notices import tell
from .deadlines import deadline_for

SALT = 32  # characters before the text, so that a seal cannot be guessed at


@transaction.atomic
def propose_clue(
    *,
    inspection: Inspection,
    actor: User,
    key: UUID,
    finding: Finding | None = None,
    seal_number: str = "",
    pages: int | None = None,
    body: str = "",
    version: int | None = None,
) -> Clue:
    """Report a clue by itself or out of a finding, which is then a finding no longer.

    What it says is on paper (`seal_number`, `pages`), or sealed here (`body`). A `key` (one per opened form) makes a
    form that was sent twice one clue. Needs a leader or deputy at work in the village or after it. Raises Conflict
    outside 巡中 and 巡后 or when the finding has been fed back, ValidationError for an envelope without content.
    """
    inspection = Inspection.objects.select_for_update(of=("self",)).select_related("county").get(pk=inspection.pk)
    if sent := sent_before(Clue, key, proposed_by=actor):
        return sent
    clue = Clue(inspection=inspection, county=inspection.county, finding=finding, key=key, proposed_by=actor)
    policy.allows(actor, "add", clue).demand()
    if inspection.status not in (Stage.DURING, Stage.AFTER):
        raise Conflict(_("巡察组进驻之后、办结之前才能提出线索。"))
    _fill(clue, seal_number.strip(), pages, body.strip())
    if finding is not None:
        clue.origin = Secret.of(refer_finding(finding=finding, actor=actor, version=version))
    clue.save()
    audit.record("propose_clue", clue, actor=actor, target=ClueStatus.PROPOSED)
    tell("propose", clue)
    return clue


def _fill(clue: Clue, seal_number: str, pages: int | None, body: str) -> None:
    if bool(seal_number) != bool(pages):
        raise ValidationError({"pages": _("纸质密封件的封签号和页数要一起填写。")})
    if not seal_number and not body:
        raise ValidationError({"seal_number": _("请填写纸质密封件的封签号和页数，或者填写要密封的内容。")})
    day = calendar.today()
    clue.seal_number, clue.pages = seal_number, pages
    clue.number = _next_number(clue.county, day.year)
    clue.handover_due_on = deadline_for(
        county=clue.county, kind=DeadlineKind.CLUE_HANDOVER, start=day, round=clue.inspection.round
    )
    text = f"{secrets.token_hex(SALT // 2)}{body}" if body else ""
    clue.body, clue.seal = Secret.of(text), _seal(clue, text)


def _next_number(county: Division, year: int) -> str:
    """The county's own series of clues, XS-FC-2026-001; its row is locked, so that no two take one."""
    Division.objects.select_for_update().get(pk=county.pk)
    head = f"XS-{county_mark(county)}{county.code[4:6]}-{year}-"
    last = Clue.objects.filter(county=county, number__startswith=head).order_by("-pk").values_list("number", flat=True)
    taken = last.first()
    return f"{head}{int(taken.removeprefix(head)) + 1 if taken else 1:03}"


def _seal(clue: Clue, text: str) -> str:
    parts = (clue.number, clue.inspection_id, clue.seal_number, clue.pages, text)
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


@transaction.atomic
def approve_clue(*, clue: Clue, actor: User, receiver: User | None, version: int | None = None) -> Clue:
    """The office's head, who did not propose it, agrees and names the person of the discipline commission."""
    _check_receiver(clue, receiver)
    given: dict[str, Any] = {"approved_by": actor, "approved_at": timezone.now(), "origin": nothing()}
    approved = workflow.apply(clue, "approve", actor=actor, version=version, receiver=receiver, **given)
    tell("approve", approved)
    return approved


@transaction.atomic
def reject_clue(*, clue: Clue, actor: User, refusal: str, version: int | None = None) -> Clue:
    """Not handed over; a finding that it came from is a draft again, with what it said."""
    if refusal not in ClueRefusal.values:
        raise ValidationError({"refusal": _("请选择不予移交的原因。")})
    said = Clue.objects.get(pk=clue.pk).origin
    given: dict[str, Any] = {
        "approved_by": actor,
        "approved_at": timezone.now(),
        "origin": nothing(),
        "refusal": refusal,
    }
    rejected = workflow.apply(clue, "reject", actor=actor, version=version, **given)
    if rejected.finding is not None:
        restore_finding(finding=rejected.finding, actor=actor, said=said.reveal())
    tell("reject", rejected)
    return rejected


@transaction.atomic
def hand_over_clue(*, clue: Clue, actor: User, version: int | None = None, note: str = "") -> Clue:
    """The envelope leaves for its receiver; with that the sender sees it no more. The answer's term begins."""
    due = deadline_for(county=clue.county, kind=DeadlineKind.CLUE_ANSWER, start=calendar.today())
    handed = workflow.apply(
        clue,
        "hand_over",
        actor=actor,
        version=version,
        handed_over_by=actor,
        handed_over_at=timezone.now(),
        answer_due_on=due,
    )
    tell("hand_over", handed)
    return handed


@transaction.atomic
def reassign_clue(*, clue: Clue, actor: User, receiver: User | None, version: int | None = None) -> Clue:
    """Another receiver, when the first has left: the envelope is signed for anew."""
    _check_receiver(clue, receiver)
    if receiver is not None and receiver.pk == clue.receiver_id:
        raise ValidationError({"receiver": _("已经移交给此人，请另选接收人。")})
    moved = workflow.apply(clue, "reassign", actor=actor, version=version, receiver=receiver, received_at=None)
    tell("hand_over", moved)
    return moved


@transaction.atomic
def receive_clue(*, clue: Clue, actor: User, version: int | None = None, note: str = "") -> Clue:
    """签收 by the named person, who may open it from now on."""
    received = workflow.apply(clue, "receive", actor=actor, version=version, received_at=timezone.now())
    tell("receive", received)
    return received


@transaction.atomic
def answer_clue(*, clue: Clue, actor: User, result: str, answer_number: str = "", version: int | None = None) -> Clue:
    """The kind of result comes back, and the number of the paper that tells it: no more than that."""
    if result not in ClueResult.values:
        raise ValidationError({"result": _("请选择办理结果。")})
    given: dict[str, Any] = {"result": result, "answer_number": answer_number.strip(), "answered_at": timezone.now()}
    answered = workflow.apply(clue, "answer", actor=actor, version=version, **given)
    tell("answer", answered)
    return answered


@transaction.atomic
def close_clue(*, clue: Clue, actor: User, version: int | None = None, note: str = "") -> Clue:
    """The office takes note of the result; nobody opens the clue any more."""
    return workflow.apply(clue, "close", actor=actor, version=version, closed_by=actor, closed_at=timezone.now())


def open_clue(*, clue: Clue, actor: User) -> str:
    """What was sealed, for whoever may open it now; the look is committed to the record before.

    Raises PermissionDenied, Conflict for a seal that does not fit, Undecipherable when the key is missing.
    """
    with transaction.atomic():
        policy.allows(actor, "open", clue).demand()
        audit.record("open_clue", clue, actor=actor)
    text = str(clue.body.reveal())
    if not seal_fits(clue):
        raise Conflict(_("密封内容与封签不符，可能被改动。请停止办理，联系系统管理员和安全审计员。"))
    return text[SALT:]


def seal_fits(clue: Clue) -> bool:
    """Is the envelope, with what it says, still what was sealed? Raises Undecipherable when the key is missing."""
    return _seal(clue, str(clue.body.reveal()) if clue.body else "") == clue.seal


def look_at(clue: "Clue | str", *, actor: User) -> None:
    """Every look at an envelope, or at the list of them, is on record."""
    audit.record("look_at_clue", clue, actor=actor)


def _check_receiver(clue: Clue, receiver: User | None) -> None:
    if receiver is not None and not receivers_of(clue).filter(pk=receiver.pk).exists():
        raise ValidationError({"receiver": _("接收人须是本县纪委监委在用的账号，请重新选择。")})
