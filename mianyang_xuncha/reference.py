"""Reference data from fixtures/: loading it twice changes nothing (divisions, checklist, duties, rules …)."""

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Division
from accounts.services import pinyin_of, set_pinyin
from common import audit
from inspections.models import Checklist, ChecklistItem, DutyList, DutyTemplate
from rectification.models import DeadlineSetting, ReminderRule
from villages.models import RuleSet, SuggestionRule, VillageKind

CHECKLIST_IN_FORCE = date(2026, 1, 1)
DEADLINES_IN_FORCE = date(2020, 1, 1)


def read(name: str) -> Iterator[dict[str, str]]:
    with (settings.BASE_DIR / "fixtures" / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def load() -> dict[str, int]:
    """Add what is missing; what a city or county has changed since stays as it is."""
    return {"divisions": load_divisions()} | load_kinds_and_rules()


@transaction.atomic
def load_kinds_and_rules() -> dict[str, int]:
    """The same without the divisions; what is added is on record, without which the database takes no rule."""
    added = {
        "kinds": _add(VillageKind, _kinds(), "code"),
        "checklist": load_checklist(),
        "duties": load_duties(),
        "suggestion_rules": load_suggestion_rules(),
        "reminder_rules": _add(ReminderRule, _reminders(), "code"),
        "deadlines": _add(DeadlineSetting, _deadlines(), "kind"),
    }
    if any(added.values()):
        note = "，".join(f"{name} {number}" for name, number in added.items() if number)
        audit.record("load_reference", DeadlineSetting._meta.label, actor=None, note=note)
    return added


def load_divisions(name: str = "divisions.csv") -> int:
    known = {one.code: one for one in Division.objects.all()}
    added = 0
    for row in read(name):
        if row["code"] not in known:
            one = Division(code=row["code"], name=row["name"], tier=row["tier"], parent=known.get(row["parent_code"]))
            set_pinyin(one)
            one.save()
            known[one.code] = one
            added += 1
    return added


def load_checklist() -> int:
    checklist, created = Checklist.objects.get_or_create(
        county=None, number=1, defaults={"name": "村级巡察问题清单（第一版）"}
    )
    if created:
        ChecklistItem.objects.bulk_create(_checklist_item(checklist, row) for row in read("checklist_v1.csv"))
        Checklist.objects.filter(pk=checklist.pk).update(in_force_from=CHECKLIST_IN_FORCE)
    return checklist.items.count() if created else 0


def _checklist_item(checklist: Checklist, row: dict[str, str]) -> ChecklistItem:
    same = ("code", "group", "point_code", "point", "basis", "lead_department", "evidence", "theme", "posts")
    return ChecklistItem(
        checklist=checklist,
        aspect_code=row["focus_code"],
        aspect=row["focus"],
        text=row["item"],
        party_building=row["party_building"] == "yes",
        pinyin=" ".join(pinyin_of(row["item"]))[:400],
        **{key: row[key] for key in same},
    )


def load_duties() -> int:
    """The city's default list, which counties take over and change."""
    made, created = DutyList.objects.get_or_create(county=None, number=1)
    if not created:
        return 0
    rows = DutyTemplate.objects.bulk_create(
        DutyTemplate(
            duty_list=made,
            order=order,
            required=row["required"] == "yes",
            days=int(row["days"]),
            modes=row["modes"].split(";") if row["modes"] else [],
            **{key: row[key] for key in ("stage", "title", "who", "paper", "anchor")},
        )
        for order, row in enumerate(read("duties.csv"), start=1)
    )
    return len(rows)


def _add(model: Any, rows: Iterator[dict[str, Any]], key: str) -> int:
    if model is DeadlineSetting:
        known = set(model.objects.filter(county=None).values_list(key, flat=True))
    else:
        known = set(model.objects.values_list(key, flat=True))
    return len(model.objects.bulk_create(model(**row) for row in rows if row[key] not in known))


def _kinds() -> Iterator[dict[str, Any]]:
    for row in read("kinds.csv"):
        yield {"code": row["code"], "klass": row["class"], "name": row["name"], "order": int(row["order"])}


def load_suggestion_rules() -> int:
    """The city's rules, once: a set that the city has changed since is never mixed with the shipped one."""
    if RuleSet.objects.filter(county=None).exists():
        return 0
    shipped = RuleSet.objects.create(county=None, enabled_at=timezone.now())
    kinds = {one.code: one for one in VillageKind.objects.all()}
    rows = [_suggestion(shipped, kinds, row) for row in read("suggestion_rules.csv")]
    return len(SuggestionRule.objects.bulk_create(rows))


def _suggestion(rule_set: RuleSet, kinds: dict[str, VillageKind], row: dict[str, str]) -> SuggestionRule:
    same = {key: row[key] for key in ("field", "operator", "value", "reason")}
    kind = kinds.get(row["kind_code"])
    return SuggestionRule(rule_set=rule_set, order=int(row["order"]), klass=row["class"], kind=kind, **same)


def _reminders() -> Iterator[dict[str, Any]]:
    for row in read("reminder_rules.csv"):
        days = int(row["offset_days"])
        bounds = {key: int(row[key]) if row[key] else None for key in ("least", "most")}
        named = {"code": row["code"], "label": row["label"], "audience": row["audience"].split(";")}
        yield named | bounds | {"offset_days": days, "may_stop": row["may_stop"] == "1"}


def _deadlines() -> Iterator[dict[str, Any]]:
    for row in read("deadlines.csv"):
        amount = int(row["amount"])
        yield {"kind": row["kind"], "amount": amount, "unit": row["unit"], "effective_from": DEADLINES_IN_FORCE}
