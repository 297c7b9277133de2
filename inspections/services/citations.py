"""印证坐实: which talks, visits and papers confirm a finding, by number (D6)."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, policy
from common.errors import Conflict
from inspections.enums import LIVING, RecordStatus
from inspections.models import Citation, Finding, Inspection
from inspections.models.fieldwork import CITED
from inspections.transitions import inspection_takes_findings


@transaction.atomic
def cite(*, finding: Finding, actor: Any, numbers: Sequence[str]) -> int:
    """Let the finding rest on exactly these records of its inspection ("T-03", "Z-01").

    Needs "edit" on the finding. Raises Conflict once it has been rejected or fed back, ValidationError for a number
    that the inspection does not have or that is void. The trail says how many, never which.
    """
    Inspection.objects.select_for_update(of=("self",)).get(pk=finding.inspection_id)
    finding = Finding.objects.select_related("inspection__team").get(pk=finding.pk)
    policy.allows(actor, "edit", finding).demand()
    if finding.status not in LIVING:
        raise Conflict(_("问题现在是“%s”，不能再改印证。") % finding.status_label)
    if refusal := inspection_takes_findings(finding.inspection):
        raise Conflict(refusal)
    rows = _rows(finding, set(numbers))
    before = finding.citations.count()
    finding.citations.all().delete()
    Citation.objects.bulk_create(rows)
    audit.record("cite", finding, actor=actor, changes={"citations": [before, len(rows)]})
    return len(rows)


def _rows(finding: Finding, numbers: set[str]) -> list[Citation]:
    rows = []
    for name, model in CITED.items():
        found = model._default_manager.filter(
            inspection=finding.inspection_id, number__in=numbers, status=RecordStatus.RECORDED
        )
        rows += [Citation(finding=finding, **{name: one}) for one in found.order_by("pk")]
    if len(rows) != len(numbers):
        raise ValidationError({"numbers": _("有的登记不存在或已作废，请刷新后重新选择。")})
    return rows
