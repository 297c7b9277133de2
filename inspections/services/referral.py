"""A finding that turns out to be a clue leaves the findings with all that it said, and comes back only whole (E4)."""

import json
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common import workflow
from inspections.models import Finding, Inspection
from inspections.models.findings import CONTENT


@transaction.atomic
def refer_finding(*, finding: Finding, actor: Any, version: int | None = None) -> str:
    """Empty the finding and give what it said, to be sealed in the clue; what it cited is let go.

    Needs a leader or deputy of the team, who is not recused. Raises Conflict after the feedback or when it was
    referred before, ValidationError while a draft still tells of it.
    """
    _locked(finding.inspection_id)
    finding.refresh_from_db()
    said = json.dumps({name: getattr(finding, name) for name in sorted(CONTENT)}, default=str, ensure_ascii=False)
    finding.citations.all().delete()
    workflow.apply(finding, "refer", actor=actor, version=version, **EMPTY, title=_("已转出"))
    return said


@transaction.atomic
def restore_finding(*, finding: Finding, actor: Any, said: str) -> Finding:
    """Back to a draft with what it said: the office's head holds that it is no clue."""
    _locked(finding.inspection_id)
    values = json.loads(said)
    if values["amount"] is not None:
        values["amount"] = Decimal(values["amount"])
    return workflow.apply(finding, "restore", actor=actor, **values)


EMPTY: dict[str, Any] = {
    "facts": "",
    "period": "",
    "amount": None,
    "people_affected": None,
    "post_concerned": "",
    "evidence": "",
    "number": None,
    "reviewed_by": None,
    "approved_by": None,
}


def _locked(pk: int) -> None:
    Inspection.objects.select_for_update(of=("self",)).get(pk=pk)
