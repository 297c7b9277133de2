"""Classes of villages: the office proposes, its head approves, earlier classes are kept (B2–B4)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import OrganKind, Post
from accounts.models import User
from common import audit, inbox, policy, workflow
from common.calendar import today
from common.errors import Conflict
from common.models import Message
from villages.enums import ClassificationStatus, VillageClass, VillageStatus
from villages.followers import Readjustment
from villages.models import Classification, Village, VillageKind
from villages.selectors.lineage import forebears
from villages.selectors.suggestions import Suggestion

from .scope import scope_of

REASON_LIMIT = 300
LIVE = (ClassificationStatus.PROPOSED, ClassificationStatus.APPROVED)


@transaction.atomic
def propose_class(
    *, village: Village, klass: str, kinds: Iterable[VillageKind], reason: str, actor: Any
) -> Classification:
    """Propose the class of an active village, with kinds of that class and a reason. Needs "classify" (B2, B3).

    Raises PermissionDenied, ValidationError (also when another proposal waits for a decision).
    """
    village = Village.objects.select_for_update(of=("self",)).select_related("division").get(pk=village.pk)
    chosen = list(kinds)
    _check_proposal(village, klass, chosen, reason, actor)
    if Classification.objects.filter(village=village, status=ClassificationStatus.PROPOSED).exists():
        raise ValidationError(_("“%s”已有一条待审定的分类，请先审定或退回，再重新提出。") % village)
    row = Classification.objects.create(klass=klass, reason=reason.strip(), proposer=actor, **scope_of(village))
    row.kinds.set(chosen)
    audit.record("propose", row, actor=actor, target=row.status, note=row.reason)
    _tell_head(village.county_id, key=f"{today()}", title=_("有村分类等您审定"), actor=actor)
    return row


def _tell_head(county: int, *, key: str, title: str, actor: Any) -> None:
    """The head of the county office has classes to decide on: once a batch; of single ones, once a day."""
    heads = User.objects.filter(organ__kind=OrganKind.INSPECTION_OFFICE, organ__division_id=county, post=Post.HEAD)
    inbox.post(
        recipients=heads.exclude(pk=actor.pk),
        kind=Message.Kind.NOTICE,
        key=f"classes:{county}:{key}",
        title=title,
        body=_("打开村分类逐条审定，或批量审定。"),
        path=f"{reverse('villages:classify')}?t=proposed",
        email=False,
    )


def _check_proposal(village: Village, klass: str, kinds: Sequence[VillageKind], reason: str, actor: Any) -> None:
    policy.allows(actor, "classify", village).demand()
    if village.status != VillageStatus.ACTIVE:
        raise ValidationError(_("“%s”已经撤并，不再分类。") % village)
    if klass not in VillageClass.values:
        raise ValidationError({"klass": _("请选择三类中的一类。")})
    if any(kind.klass != klass for kind in kinds):
        raise ValidationError({"kinds": _("细类不属于所选的类别，请重新选择。")})
    if not reason.strip():
        raise ValidationError({"reason": _("请写明分类的理由。")})
    if len(reason) > REASON_LIMIT:
        raise ValidationError({"reason": _("理由最多 %d 个字，请精简。") % REASON_LIMIT})


@transaction.atomic
def propose_suggested(*, suggested: Sequence[tuple[Village, Suggestion]], actor: Any) -> list[Classification]:
    """Take over suggestions for many villages at once, the rules' reasons becoming the proposal's (B4).

    All or none; a handful of statements however many villages. Raises as `propose_class`.
    """
    ids = [village.pk for village, _suggestion in suggested]
    locked = {one.pk: one for one in Village.objects.select_for_update(of=("self",)).filter(pk__in=ids)}
    waiting = Classification.objects.filter(village__in=ids, status=ClassificationStatus.PROPOSED)
    if found := waiting.select_related("village__division").first():
        raise Conflict(_("“%s”已有待审定的分类，请刷新页面后重新勾选。") % found.village)
    rows = []
    for village, suggestion in suggested:
        reason = suggestion.reason[:REASON_LIMIT]
        _check_proposal(village, suggestion.klass, suggestion.kinds, reason, actor)
        if locked[village.pk].status != VillageStatus.ACTIVE:
            raise Conflict(_("“%s”已经撤并，请刷新页面后重新勾选。") % village)
        rows.append(Classification(klass=suggestion.klass, reason=reason, proposer=actor, **scope_of(village)))
    rows = Classification.objects.bulk_create(rows)
    through = Classification.kinds.through
    through.objects.bulk_create(
        through(classification_id=row.pk, villagekind_id=kind.pk)
        for row, (_village, suggestion) in zip(rows, suggested, strict=True)
        for kind in suggestion.kinds
    )
    for row, (village, _suggestion) in zip(rows, suggested, strict=True):
        row.village = village
    audit.record_many([audit.row("propose", row, actor=actor, target=row.status, note=row.reason) for row in rows])
    if rows:
        title = _("有 %s 个村的分类等您审定") % len(rows)
        _tell_head(suggested[0][0].county_id, key=f"batch:{rows[0].pk}", title=title, actor=actor)
    return rows


@transaction.atomic
def approve_class(*, classification: Classification, actor: Any, version: int | None = None) -> Classification:
    """Make the proposed class the current one; the one before is kept as superseded. Needs "approve" (B2).

    Raises Conflict, PermissionDenied, ValidationError (the village was merged or withdrawn meanwhile).
    """
    village = (
        Village.objects.select_for_update(of=("self",)).select_related("division").get(pk=classification.village_id)
    )
    if village.status != VillageStatus.ACTIVE:
        raise ValidationError(_("“%s”已经撤并，不再分类，请退回这条分类。") % village)
    current = Classification.objects.filter(village=village, status=ClassificationStatus.APPROVED).first()
    if current:
        workflow.apply(current, "supersede", actor=actor)
    row = workflow.apply(classification, "approve", actor=actor, version=version, approver=actor, approved_on=today())
    Village.objects.filter(pk=village.pk).update(klass=row.klass)
    return row


@transaction.atomic
def approve_classes(*, classifications: Iterable[Classification], actor: Any) -> list[Classification]:
    """Approve many proposals, all or none. Raises as `approve_class`."""
    return [approve_class(classification=one, actor=actor) for one in classifications]


def reject_class(
    *, classification: Classification, actor: Any, note: str, version: int | None = None
) -> Classification:
    """Turn a proposal down with a reason; the village keeps the class it had. Needs "reject" (B2)."""
    return workflow.apply(classification, "reject", actor=actor, note=note, version=version)


@transaction.atomic
def reject_classes(*, classifications: Iterable[Classification], actor: Any, note: str) -> list[Classification]:
    """Turn down many proposals with one reason, all or none. Raises as `reject_class`."""
    return [reject_class(classification=one, actor=actor, note=note) for one in classifications]


def follow_village(change: Readjustment) -> None:
    """Classes that may still change follow a village to its new township, or to the code under which it goes on.

    A village that merges into another one is not that other one: its class stays with it, as it was decided. A
    village that goes on under another code takes its class along where that has none, and back when it is restored.
    """
    moved = Classification.objects.filter(village__in=[one.village for one in change.moved], status__in=LIVE)
    place = Village.objects.filter(pk=OuterRef("village_id"))
    moved.update(county_id=Subquery(place.values("county_id")), township_id=Subquery(place.values("township_id")))
    for one in change.merged:
        if one.same:
            _hand_on(Classification.objects.filter(village=one.village), one.successor, change.actor)
    for village in change.restored:
        _hand_on(Classification.objects.filter(origin__in=[village, *forebears(village)]), village, change.actor)
        current = Classification.objects.filter(village=village, status=ClassificationStatus.APPROVED)
        Village.objects.filter(pk=village).update(klass=Subquery(current.values("klass")[:1]))


def _hand_on(rows: "QuerySet[Classification]", goal: int, actor: Any) -> None:
    """Live classes go to the village `goal`, each where it has none in that state; both villages show it."""
    taken = Classification.objects.filter(village=goal, status=OuterRef("status"))
    found = list(rows.filter(~Exists(taken), status__in=LIVE).select_related("village__division"))
    village = Village.objects.select_related("division").get(pk=goal)
    for row in found:
        left = row.village
        first = NullIf(Coalesce(F("origin"), F("village")), Value(goal))
        Classification.objects.filter(pk=row.pk).update(origin=first, **scope_of(village))
        audit.record("follow", row, actor=actor, changes={"village": [left.division.name, village.division.name]})
        if row.status == ClassificationStatus.APPROVED:
            Village.objects.filter(pk=goal).update(klass=row.klass)
            Village.objects.filter(pk=left.pk, status=VillageStatus.ACTIVE).update(klass=None)
