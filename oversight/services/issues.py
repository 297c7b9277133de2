"""Common issues: thresholds, opening one from what recurs, the committee's decision, and the campaign it makes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from accounts.models import Division, Organ
from common import audit, policy, workflow
from common.calendar import today
from common.errors import Conflict
from common.wording import quoted
from inspections.enums import FindingStatus
from inspections.models import Finding
from oversight.models import Campaign, CampaignFinding, CampaignTask, Circular, CommonIssue, CommonSetting
from oversight.selectors.common import recurring, setting_of
from villages.enums import VillageStatus
from villages.models import Village

from .telling import tell_approver, tell_department, tell_office_of_issue
from .villages import settle


@transaction.atomic
def set_thresholds(
    *,
    county: Division,
    villages: int,
    townships: int,
    share: int,
    remind_days: Sequence[int] | None = None,
    actor: Any,
) -> CommonSetting:
    """From when on an item counts as common in this county (F1), and when self-checks are reminded of (F2).

    `remind_days` are days before the date, below nought after it; without them they stay as they are.
    """
    row = setting_of(county)
    policy.allows(actor, "edit", row).demand()
    given: dict[str, Any] = {"villages": villages, "townships": townships, "share": share}
    if remind_days is not None:
        given["remind_days"] = sorted(set(remind_days), reverse=True)
    changes = audit.diff({key: getattr(row, key) for key in given}, given)
    for key, value in given.items():
        setattr(row, key, value)
    row.full_clean(exclude=["county"])
    row.save()
    audit.record("edit_settings", row, actor=actor, changes=changes)
    return row


@transaction.atomic
def open_issue(
    *,
    county: Division,
    code: str,
    department: Organ,
    deadline: date,
    analysis: str,
    actor: Any,
    report: Circular | None = None,
) -> CommonIssue:
    """Open a common issue from a checklist item that recurs, and put it before the committee (F1, A8).

    The spread is that of today; `report` is the special report to the department that asks for it (F3). Raises
    ValidationError where the item is not common by the county's thresholds or a field is wrong, Conflict where it is
    open already.
    """
    Division.objects.select_for_update().get(pk=county.pk)
    issue = CommonIssue(county=county, code=code, department=department, deadline=deadline, analysis=analysis)
    policy.allows(actor, "add", issue).demand()
    found = recurring(actor, county, code)
    if found is None or not found.is_common:
        raise ValidationError(_("这个条目没有达到本县的共性问题阈值，请先核对阈值。"))
    if _standing(county, code):
        raise Conflict(_("%s已经提出，不用重复提。") % quoted(found.text))
    issue.report = report
    _check(issue)
    issue.text, issue.point = found.text, found.point
    issue.villages, issue.townships = found.villages, found.townships
    issue.inspected, issue.findings = found.inspected, found.findings
    issue.opened_by, issue.opened_on = actor, today()
    issue.save()
    audit.record("propose", issue, actor=actor, target=issue.status)
    tell_approver(issue)
    return issue


def _standing(county: Division, code: str) -> bool:
    """Proposed, returned or being cured; when its campaign has ended, it may be opened again."""
    return CommonIssue.objects.filter(county=county, code=code).exclude(campaign__status="CLOSED").exists()


def _check(issue: CommonIssue) -> None:
    wrong = {}
    if issue.deadline <= today():
        wrong["deadline"] = _("整治时限须晚于今天。")
    place = (issue.department.kind, issue.department.division_id)
    if place != (OrganKind.FUNCTIONAL_DEPARTMENT, issue.county_id):
        wrong["department"] = _("请选择本县的职能部门。")
    elif issue.report is not None and issue.report.department_id != issue.department_id:
        wrong["department"] = _("专题报告发给了“%s”，专项整治由同一部门牵头。") % issue.report.department
    if not issue.analysis.strip():
        wrong["analysis"] = _("请写明成因分析和整治建议。")
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def propose_again(*, issue: CommonIssue, department: Organ, deadline: date, analysis: str, actor: Any) -> CommonIssue:
    """A returned issue, mended, before the committee again; with another department it no longer stands on the
    special report to the first."""
    given: dict[str, Any] = {"department": department, "deadline": deadline, "analysis": analysis}
    if department.pk != issue.department_id:
        given["report"] = None
    _check(CommonIssue(county=issue.county, **given))
    proposed = workflow.apply(issue, "propose", actor=actor, opened_by=actor, decided_by=None, **given)
    tell_approver(proposed)
    return proposed


@transaction.atomic
def approve_issue(*, issue: CommonIssue, actor: Any, note: str = "") -> CommonIssue:
    """The committee approves: the department gets a campaign with a task for each village and these findings alone."""
    approved = workflow.apply(issue, "approve", actor=actor, note=note, decided_by=actor)
    campaign = Campaign.objects.create(
        county=approved.county, issue=approved, organ=approved.department, deadline=approved.deadline
    )
    audit.record("create", campaign, actor=actor, target=campaign.status)
    rows = Finding.objects.filter(
        county=approved.county, status=FindingStatus.FED_BACK, checklist_item__code=approved.code
    ).order_by("id")
    findings = list(rows)
    CampaignFinding.objects.bulk_create([CampaignFinding(campaign=campaign, finding=one) for one in findings])
    gone = set(
        Village.objects.filter(county=approved.county, status=VillageStatus.WITHDRAWN).values_list("pk", flat=True)
    )
    villages = {one.village_id: one for one in findings if one.village_id not in gone}
    CampaignTask.objects.bulk_create(
        [
            CampaignTask(
                campaign=campaign,
                county_id=one.county_id,
                township_id=one.township_id,
                village_id=one.village_id,
                deadline=campaign.deadline,
            )
            for one in villages.values()
        ]
    )
    settle(campaign.tasks.all(), actor=actor)
    tell_department(campaign)
    tell_office_of_issue(approved)
    return approved


@transaction.atomic
def return_issue(*, issue: CommonIssue, actor: Any, note: str = "") -> CommonIssue:
    """The committee sends it back with what is to be mended."""
    returned = workflow.apply(issue, "return", actor=actor, note=note)
    tell_office_of_issue(returned)
    return returned
