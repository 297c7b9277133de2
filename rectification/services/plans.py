"""What an item's plan consists of, written for one item or for many with the same statements (E6, A7)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit
from common.errors import Differing
from rectification.enums import ResponsibleKind
from rectification.models import Measure, RectificationItem, Responsible

MAX_MEASURES = 20
Planned = tuple[RectificationItem, Sequence[Mapping[str, Any]]]


def write_measures(plans: Sequence[Planned], *, actor: User) -> list[Measure]:
    """Replace the measures of each (locked) item whose plan changes; those that stay keep their done date."""
    for item, measures in plans:
        _check_measures(item, measures)
    old: dict[int, list[Measure]] = defaultdict(list)
    for one in Measure.objects.filter(item__in=[item.pk for item, _measures in plans]).order_by("order"):
        old[one.item_id].append(one)
    new = {item.pk: _rows(item, measures, old[item.pk]) for item, measures in plans}
    told = [(item, [_told(old[item.pk]), _told(new[item.pk])]) for item, _measures in plans]
    changed = [(item, words) for item, words in told if words[0] != words[1]]
    Measure.objects.filter(item__in=[item.pk for item, _words in changed if old[item.pk]]).delete()
    Measure.objects.bulk_create([row for item, _words in changed for row in new[item.pk]])
    audit.record_many(
        [audit.row("set_measures", item, actor=actor, changes={"measures": words}) for item, words in changed]
    )
    return [row for item, words in told for row in (old if words[0] == words[1] else new)[item.pk]]


def measures_differing(item: RectificationItem, measures: Sequence[Mapping[str, Any]]) -> list[Differing]:
    """What the item's plan is and what it would become, side by side; nothing when they are the same."""
    _check_measures(item, measures)
    theirs, yours = _told(list(item.measures.order_by("order"))), _told(_rows(item, measures, []))
    return [] if theirs == yours else [{"label": _("整改措施"), "theirs": theirs, "yours": yours}]


def _rows(item: RectificationItem, measures: Sequence[Mapping[str, Any]], old: Sequence[Measure]) -> list[Measure]:
    done = {(one.text, one.owner): one.done_on for one in old}
    return [
        Measure(
            item=item,
            order=order,
            done_on=done.get((row["text"], row["owner"])),
            **{key: row[key] for key in ("text", "owner", "due_on")},
        )
        for order, row in enumerate(measures, 1)
    ]


def _told(rows: Sequence[Measure]) -> str:
    return "；".join(f"{one.order}. {one.text}（{one.owner}，{one.due_on:%Y-%m-%d}）" for one in rows)


def _check_measures(item: RectificationItem, measures: Sequence[Mapping[str, Any]]) -> None:
    if not measures:
        raise ValidationError(_("请至少填写一条整改措施。"))
    if len(measures) > MAX_MEASURES:
        raise ValidationError(_("整改措施最多 %s 条，请合并后再填。") % MAX_MEASURES)
    for order, row in enumerate(measures, 1):
        if not row["text"].strip() or not row["owner"].strip() or not row["due_on"]:
            raise ValidationError(_("第 %s 条措施的内容、责任人和完成时限都要填写。") % order)
        if item.deadline and row["due_on"] > item.deadline:
            raise ValidationError(
                _("第 %(order)s 条措施的完成时限不能晚于整改时限 %(deadline)s。")
                % {"order": order, "deadline": f"{item.deadline:%Y-%m-%d}"}
            )
        if row["due_on"] < item.assigned_on:
            raise ValidationError(
                _("第 %(order)s 条措施的完成时限不能早于交办日期 %(day)s。")
                % {"order": order, "day": f"{item.assigned_on:%Y-%m-%d}"}
            )


def write_people(
    items: Sequence[RectificationItem], people: Mapping[str, Mapping[str, str]], *, actor: User
) -> list[Responsible]:
    """Name the same people for each (locked) item; kinds not given stay as they are, what changes is on record."""
    _check_people(people)
    before: dict[int, dict[str, str]] = defaultdict(dict)
    for one in Responsible.objects.filter(item__in=[item.pk for item in items]):
        before[one.item_id][one.kind] = _who(one)
    named = {kind: _stripped(one) for kind, one in people.items()}
    rows = Responsible.objects.bulk_create(
        [Responsible(item=item, kind=kind, **one) for item in items for kind, one in named.items()],
        update_conflicts=True,
        unique_fields=["item", "kind"],
        update_fields=["name", "post", "phone"],
    )
    after = {kind: _who(Responsible(**one)) for kind, one in named.items()}
    changed = [(item, audit.diff(before[item.pk], after)) for item in items]
    audit.record_many([audit.row("assign", item, actor=actor, changes=what) for item, what in changed if what])
    return rows


def people_differing(item: RectificationItem, people: Mapping[str, Mapping[str, str]]) -> list[Differing]:
    """Who answers now and who would, for each kind that would change."""
    _check_people(people)
    named = {one.kind: _who(one) for one in item.responsibles.all()}
    wanted = {kind: _who(Responsible(**_stripped(one))) for kind, one in people.items()}
    return [
        {"label": str(ResponsibleKind(kind).label), "theirs": named.get(kind, "—"), "yours": who}
        for kind, who in wanted.items()
        if who != named.get(kind)
    ]


def _check_people(people: Mapping[str, Mapping[str, str]]) -> None:
    unknown = set(people) - set(ResponsibleKind.values)
    if unknown:
        raise ValidationError(_("没有这种责任：%s。") % "、".join(sorted(unknown)))
    empty = [str(ResponsibleKind(kind).label) for kind, one in people.items() if not one.get("name", "").strip()]
    if empty:
        raise ValidationError(_("请填写“%s”的姓名或单位。") % "、".join(empty))


def _stripped(one: Mapping[str, str]) -> dict[str, str]:
    return {key: one.get(key, "").strip() for key in ("name", "post", "phone")}


def _who(one: Responsible) -> str:
    """Two that differ are never told alike, or a change would pass without its event."""
    return "｜".join((one.name, one.post, one.phone)).rstrip("｜")
