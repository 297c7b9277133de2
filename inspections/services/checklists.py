"""Versions of the checklist: drafted from the last one, changed item by item, enabled from a day on (C1)."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Division
from accounts.services import pinyin_of
from common import audit, policy
from common.calendar import today
from common.errors import Conflict
from common.numerals import numeral
from inspections.enums import Theme
from inspections.models import Checklist, ChecklistItem
from inspections.selectors.checklist import latest

PLACE = ("aspect_code", "aspect", "group", "point_code", "point")
WORDS = ("text", "basis", "lead_department", "evidence", "theme", "party_building", "posts")
COPIED = ("code", "own", *PLACE, *WORDS, "pinyin")
FIELDS = frozenset(WORDS) - {"posts"}


@transaction.atomic
def draft_checklist(*, county: Division | None, actor: Any) -> Checklist:
    """Begin the next version: the city's from its last one; a county's from the city's last one, with what the county
    has added and without what it has retired. Raises Conflict while there is a draft already."""
    _lock(county)
    draft = Checklist(county=county, drafted_by=actor)
    policy.allows(actor, "edit", draft).demand()
    if Checklist.objects.filter(county=county, in_force_from=None).exists():
        raise Conflict(_("已有一份草稿，请直接修改。"))
    last, base = latest(county), latest(None)
    if base is None:
        raise Conflict(_("还没有市级问题清单。请系统管理员先装入基础数据。"))
    draft.base, draft.number = base, last.number + 1 if last else 1
    place = county.name if county else ""
    draft.name = _("%(place)s村级巡察问题清单（第%(number)s版）") % {"place": place, "number": numeral(draft.number)}
    draft.save()
    ChecklistItem.objects.bulk_create(_copy(one, draft) for one in _carried(last if county else None, base))
    audit.record("draft", draft, actor=actor)
    return draft


def _carried(own: Checklist | None, base: Checklist) -> list[ChecklistItem]:
    """The base's items but those that the county's last version had retired, and the county's own."""
    items = list(base.items.all())
    if own is None or own.base is None:
        return items
    kept = set(own.items.values_list("code", flat=True))
    retired = set(own.base.items.values_list("code", flat=True)) - kept
    return [one for one in items if one.code not in retired] + list(own.items.filter(own=True))


def _copy(item: ChecklistItem, draft: Checklist) -> ChecklistItem:
    return ChecklistItem(checklist=draft, **{name: getattr(item, name) for name in COPIED})


@transaction.atomic
def add_item(*, checklist: Checklist, actor: Any, revision: int, point_code: str, **values: Any) -> ChecklistItem:
    """Add an item at the end of a point; a county's is its own. The code is new over all versions."""
    draft = _changing(checklist, actor, revision)
    _check(values)
    model = ChecklistItem.objects.filter(point_code=point_code).order_by("-checklist_id", "code").first()
    if model is None:
        raise ValidationError({"point_code": _("请选择清单里的点位。")})
    item = ChecklistItem(
        checklist=draft,
        code=_new_code(draft, point_code),
        own=draft.county_id is not None,
        pinyin=_pinyin(values["text"]),
        **{name: getattr(model, name) for name in PLACE},
        **values,
    )
    item.save()
    _told(draft, actor, _("增加：%s") % item)
    return item


@transaction.atomic
def edit_item(*, item: ChecklistItem, actor: Any, revision: int, **values: Any) -> ChecklistItem:
    """Reword an item of a draft; a county rewords only its own. The code stays: it is the same matter."""
    draft = _changing(item.checklist, actor, revision)
    item = _own(item, draft)
    _check(values)
    before = {name: getattr(item, name) for name in values}
    for name, value in (values | {"pinyin": _pinyin(values["text"])}).items():
        setattr(item, name, value)
    item.save()
    _told(draft, actor, _("修改：%s") % item, audit.diff(before, values))
    return item


@transaction.atomic
def retire_item(*, item: ChecklistItem, actor: Any, revision: int) -> None:
    """Leave an item out of the draft; earlier versions and what was found under it keep it."""
    draft = _changing(item.checklist, actor, revision)
    item = ChecklistItem.objects.get(pk=item.pk)
    item.delete()
    _told(draft, actor, _("停用：%s") % item)


@transaction.atomic
def restore_item(*, checklist: Checklist, code: str, actor: Any, revision: int) -> ChecklistItem:
    """Take back an item that the draft's base has and the draft has not."""
    draft = _changing(checklist, actor, revision)
    found = draft.base.items.filter(code=code).first() if draft.base else None
    if found is None or draft.items.filter(code=code).exists():
        raise Conflict(_("没有停用这一条，请刷新后再看。"))
    item = _copy(found, draft)
    item.save()
    _told(draft, actor, _("恢复：%s") % item)
    return item


@transaction.atomic
def enable_checklist(*, checklist: Checklist, on: date, actor: Any, revision: int) -> Checklist:
    """From `on` (today or later) inspections that have not begun use this version; it cannot be changed any more."""
    draft = _changing(checklist, actor, revision, "enable")
    if on < today():
        raise ValidationError({"on": _("启用日期不能早于今天。")})
    if draft.base and draft.base.in_force_from and draft.county_id and on < draft.base.in_force_from:
        raise ValidationError({"on": _("不能早于市级清单的启用日期 %s。") % draft.base.in_force_from})
    if not draft.items.exists():
        raise ValidationError(_("清单里一条也没有，不能启用。"))
    draft.in_force_from, draft.enabled_by = on, actor
    draft.save(update_fields=["in_force_from", "enabled_by"])
    audit.record("enable_checklist", draft, actor=actor, changes={"in_force_from": [None, on.isoformat()]})
    return draft


@transaction.atomic
def discard_checklist(*, checklist: Checklist, actor: Any, revision: int) -> None:
    """Give up the draft."""
    draft = _changing(checklist, actor, revision)
    audit.record("discard_checklist", draft, actor=actor)
    draft.delete()


def _lock(county: Division | None) -> None:
    """Two who begin a version at once wait for each other: at the county's row, or at the city's first version."""
    if county is not None:
        Division.objects.select_for_update().get(pk=county.pk)
    else:
        list(Checklist.objects.select_for_update().filter(county=None, number=1))


def _changing(checklist: Checklist, actor: Any, revision: int, action: str = "edit") -> Checklist:
    """The draft, locked, if it is still the one that was read."""
    rows = Checklist.objects.select_for_update(of=("self",)).select_related("base", "county")
    draft = rows.filter(pk=checklist.pk).first()
    if draft is None or not draft.is_draft:
        raise Conflict(_("这一版已经启用或放弃，不能再改。需要修改时请起草新的一版。"))
    policy.allows(actor, action, draft).demand()
    if draft.revision != revision:
        raise Conflict(_("“%s”已被他人更新，请刷新后再办理。您填写的内容没有提交。") % draft)
    return draft


def _own(item: ChecklistItem, draft: Checklist) -> ChecklistItem:
    item = ChecklistItem.objects.get(pk=item.pk)
    if draft.county_id is not None and not item.own:
        raise Conflict(_("这是市级清单的条目，本县可以停用，不能修改。"))
    return item


def _told(draft: Checklist, actor: Any, note: str, changes: Any = None) -> None:
    draft.revision += 1
    draft.save(update_fields=["revision"])
    audit.record("edit_checklist", draft, actor=actor, note=note, changes=changes)


def _new_code(draft: Checklist, point_code: str) -> str:
    """B1-06, or B1-X01 for a county's own: never one that an earlier version has used for something else."""
    mark = f"{point_code}-X" if draft.county_id is not None else f"{point_code}-"
    codes = ChecklistItem.objects.filter(checklist__county=draft.county_id, code__startswith=mark)
    used = [int(code) for one in codes.values_list("code", flat=True) if (code := one.removeprefix(mark)).isdigit()]
    return f"{mark}{max(used, default=0) + 1:02}"


def _pinyin(text: str) -> str:
    return " ".join(pinyin_of(text))[:400]


def _check(values: dict[str, Any]) -> None:
    if unknown := set(values) - FIELDS:
        raise TypeError(f"unknown fields of an item: {', '.join(sorted(unknown))}")
    errors = {}
    if not values["text"].strip():
        errors["text"] = _("请填写具体问题，一句话说清。")
    if values["theme"] not in Theme.values:
        errors["theme"] = _("请从列出的选项中选择。")
    if errors:
        raise ValidationError(errors)
