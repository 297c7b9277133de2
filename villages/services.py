"""What is written about villages: classes proposed and decided; rosters are in `villages.roster`."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, policy, workflow
from common.calendar import today

from .enums import ClassificationStatus, VillageStatus
from .models import Classification, Village, VillageKind


def scope_of(village: Village) -> dict[str, Any]:
    """The scope columns of a row that belongs to this village (architecture, rule 10)."""
    return {"county_id": village.county_id, "township_id": village.township_id, "village_id": village.pk}


@transaction.atomic
def propose_class(
    *, village: Village, klass: str, kinds: Iterable[VillageKind], reason: str, actor: Any
) -> Classification:
    """Propose a class for an active village (B2); a proposal still waiting is refused. Raises ValidationError."""
    decision = policy.allows(actor, "classify", village)
    if not decision:
        raise PermissionDenied(decision.reason)
    wrong = [kind.name for kind in kinds if kind.klass != klass]
    if village.status != VillageStatus.ACTIVE:
        raise ValidationError(_("该村已撤并，不能分类。请对并入后的村分类。"))
    if wrong:
        raise ValidationError(_("细类“%s”不属于所选类别，请重新选择。") % "、".join(wrong))
    if not reason.strip():
        raise ValidationError({"reason": _("请写明分类理由。")})
    if Classification.objects.filter(village=village, status=ClassificationStatus.PROPOSED).exists():
        raise ValidationError(_("该村已有一份分类待审定，请先审定或退回。"))
    made = Classification.objects.create(klass=klass, reason=reason, proposer=actor, **scope_of(village))
    made.kinds.set(kinds)
    audit.record("propose_class", made, actor=actor, note=reason, target=ClassificationStatus.PROPOSED)
    return made


@transaction.atomic
def approve_class(*, classification: Classification, actor: Any) -> Classification:
    """The head makes the proposal the village's current class; the former one is superseded, not lost (B2)."""
    village = Village.objects.select_for_update().get(pk=classification.village_id)
    former = Classification.objects.filter(village=village, status=ClassificationStatus.APPROVED).first()
    if former:
        workflow.apply(former, "supersede", actor=actor)
    approved = workflow.apply(classification, "approve", actor=actor, approver=actor, approved_on=today())
    village.klass = approved.klass
    village.save(update_fields=["klass", "updated_at"])
    return approved


def reject_class(*, classification: Classification, actor: Any, note: str) -> Classification:
    """The head refuses the proposal with a reason; the current class stays."""
    return workflow.apply(classification, "reject", actor=actor, note=note)
