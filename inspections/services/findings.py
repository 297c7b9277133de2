"""问题底稿 to 发现问题: written by one, signed by another, reviewed by a deputy, decided by the leader (C1, E1)."""

from itertools import count
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit, policy, workflow
from common.errors import Conflict
from common.once import sent_before
from inspections.enums import FindingStatus
from inspections.models import ChecklistItem, Finding, Inspection
from inspections.selectors.checklist import items_for
from inspections.selectors.teams import is_on_team
from inspections.transitions import inspection_takes_findings
from villages.services import scope_of

DETAILS = frozenset(
    {
        "period",
        "amount",
        "people_affected",
        "post_concerned",
        "severity",
        "is_common",
        "is_immediate",
        "evidence",
    }
)


@transaction.atomic
def record_finding(
    *,
    inspection: Inspection,
    actor: Any,
    checklist_item: ChecklistItem,
    title: str,
    facts: str,
    second_inspector: User | None = None,
    key: UUID | None = None,
    **details: Any,
) -> Finding:
    """Write a draft while the team is at work (E1); `details` are the fields named in DETAILS.

    A `key` (one per opened form) makes a form that was sent twice one finding.

    Raises PermissionDenied unless `actor` is on the team and not recused, Conflict outside 巡中 and 巡后 or after the
    feedback, ValidationError for an item of another checklist version or a second inspector who is not on the team.
    """
    inspection = _locked(inspection.pk)
    if sent := sent_before(Finding, key, inspection=inspection, inspector=actor):
        return sent
    finding = Finding(
        inspection=inspection,
        checklist_item=checklist_item,
        title=title.strip(),
        facts=facts.strip(),
        inspector=actor,
        second_inspector=second_inspector,
        key=key,
        **scope_of(inspection.village),
        **_known(details),
    )
    policy.allows(actor, "add", finding).demand()
    if refusal := inspection_takes_findings(inspection):
        raise Conflict(refusal)
    _check(inspection, _values(finding))
    finding.save()
    audit.record("record", finding, actor=actor, target=FindingStatus.DRAFT)
    return finding


@transaction.atomic
def edit_finding(*, finding: Finding, actor: Any, version: int | None = None, **changes: Any) -> Finding:
    """Change a draft. Raises Conflict when somebody else has changed it since `version`."""
    inspection = _locked(finding.inspection_id)
    _known({key: value for key, value in changes.items() if key not in CORE})
    _check(inspection, _values(finding) | changes)
    return workflow.apply(finding, "edit", actor=actor, version=version, **changes)


@transaction.atomic
def cosign_finding(*, finding: Finding, actor: Any, note: str = "") -> Finding:
    """The second inspector stands for the draft as it was read; from now on its text is fixed."""
    _locked(finding.inspection_id)
    return workflow.apply(finding, "cosign", actor=actor, note=note, version=finding.version)


@transaction.atomic
def review_finding(*, finding: Finding, actor: Any, note: str = "") -> Finding:
    """First step: a deputy, not the author."""
    _locked(finding.inspection_id)
    return workflow.apply(finding, "review", actor=actor, note=note, version=finding.version, reviewed_by=actor)


@transaction.atomic
def confirm_finding(*, finding: Finding, actor: Any, note: str = "") -> Finding:
    """Second step: the leader, who neither wrote nor reviewed it (a deputy where the leader wrote it).

    It gives the number.
    """
    inspection = _locked(finding.inspection_id)
    return workflow.apply(
        finding,
        "confirm",
        actor=actor,
        note=note,
        version=finding.version,
        approved_by=actor,
        number=_free_number(inspection),
    )


@transaction.atomic
def reject_finding(*, finding: Finding, actor: Any, note: str = "") -> Finding:
    """The leader or deputy does not accept the finding, with a reason; its number goes to the next one."""
    _locked(finding.inspection_id)
    return workflow.apply(finding, "reject", actor=actor, note=note, number=None)


@transaction.atomic
def reopen_finding(*, finding: Finding, actor: Any, note: str = "") -> Finding:
    """Back to draft, with a reason, as long as it has not been fed back: it is signed and reviewed anew."""
    _locked(finding.inspection_id)
    return workflow.apply(finding, "reopen", actor=actor, note=note, **UNDONE)


@transaction.atomic
def merge_finding(*, finding: Finding, into: Finding, actor: Any, note: str = "") -> Finding:
    """The leader or deputy puts a duplicate into another finding of the same inspection; both stay readable.

    What confirmed the one confirms the other. Raises ValidationError for a target that is decided against, merged
    itself or of another inspection, and for one that others were merged into.
    """
    _locked(finding.inspection_id)
    target = Finding.objects.get(pk=into.pk)
    return workflow.apply(finding, "merge", actor=actor, note=note, merged_into=target)


UNDONE: dict[str, Any] = {"number": None, "reviewed_by": None, "approved_by": None, "merged_into": None}


def _free_number(inspection: Inspection) -> str:
    """The first number of the inspection that no finding has: what was taken back leaves no gap."""
    taken = set(inspection.findings.exclude(number=None).values_list("number", flat=True))
    numbers = (f"{inspection.number}-{order:02}" for order in count(1))
    return next(one for one in numbers if one not in taken)


CORE = frozenset({"checklist_item", "title", "facts", "second_inspector"})


def _locked(pk: int) -> Inspection:
    """Findings change under their inspection's lock, so that numbers stay unique and issuing sees them all."""
    rows = Inspection.objects.select_for_update(of=("self",)).select_related(
        "village__division", "township", "checklist"
    )
    return rows.get(pk=pk)


def _known(details: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(details) - DETAILS:
        raise TypeError(f"unknown fields of a finding: {', '.join(sorted(unknown))}")
    return details


def _values(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in (*CORE, "inspector", "amount")}


def _check(inspection: Inspection, values: dict[str, Any]) -> None:
    errors = {}
    if not values["title"].strip():
        errors["title"] = _("请填写问题，一句话说清。")
    if not values["facts"].strip():
        errors["facts"] = _("请填写事实：时间、地点、经过、数额。")
    if not items_for(inspection).filter(pk=values["checklist_item"].pk).exists():
        errors["checklist_item"] = _("该条目不在本次巡察所用的清单版本内，请重新选择。")
    if values["amount"] is not None and values["amount"] < 0:
        errors["amount"] = _("涉及金额不能是负数。")
    second = values["second_inspector"]
    if second is not None and second == values["inspector"]:
        errors["second_inspector"] = _("第二名巡察人员不能是本人。")
    elif second is not None and not is_on_team(inspection, second):
        errors["second_inspector"] = _("%s 不是本巡察组的在组成员。") % second
    if errors:
        raise ValidationError(errors)
