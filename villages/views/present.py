"""How rows of this app are put before a reader: tones, words, lines of a timeline."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from common.audit_words import action_word
from common.templatetags.ui import cndate_long
from villages.enums import CLASS_TONES, Change, VillageClass
from villages.models import Classification, RosterChange, Village
from villages.roster.reporting import SUMMARY
from villages.roster.sheets import place_of
from villages.roster.wording import NOTHING, field_changes

STATUS_TONES = {"ACTIVE": "green", "MERGED": "amber", "WITHDRAWN": ""}
COUNTS = SUMMARY | {"refused": "未通过"}
IMPORT_DOTS = {"import_roster": "g", "undo_roster": "a", "fail_roster": "r", "discard_roster": "a"}
DOTS = {"APPROVED": "g", "PROPOSED": "a", "REJECTED": "r"}
MOST_FIELDS = 12
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def class_badge(klass: str | None) -> dict[str, Any]:
    return {"word": VillageClass(klass).label if klass else _("未分类"), "tone": CLASS_TONES[klass]}


def with_badges(villages: Iterable[Village], sees_class: set[int]) -> None:
    """Set what the list shows of each row; no class where the reader may not see it."""
    for one in villages:
        one.badge = class_badge(one.klass) if one.pk in sees_class else None  # type: ignore[attr-defined]
        one.status_tone = STATUS_TONES[one.status]  # type: ignore[attr-defined]


DECIDED = frozenset({Change.MERGED, Change.RECODED, Change.WITHDRAWN, Change.KEPT, Change.RESTORED})


def change_lines(changes: Iterable[RosterChange], village: Village) -> list[dict[str, Any]]:
    """The timeline of a village; what was done to a village that has become it is told from its side."""
    return [
        {
            "title": one.get_change_display() if one.village_id == village.pk else _taken_in(one),
            "who": _who(one),
            "at": one.at,
            "text": "\n".join(_told(one)) if one.village_id == village.pk else "\n".join(_ordered(one)),
            "tone": "g" if one.change == Change.CREATED else "b",
        }
        for one in changes
    ]


def _taken_in(change: RosterChange) -> str:
    told = {"name": change.village.full_name, "code": change.village.division.code}
    if change.change == Change.RECODED:
        return _("%(name)s（%(code)s）改用本代码") % told
    return _("%(name)s并入本村") % told


def _told(change: RosterChange) -> list[str]:
    return [_("列入名册")] if change.change == Change.CREATED else [*said(change.fields), *_ordered(change)]


def _ordered(change: RosterChange) -> list[str]:
    """By which document, from which day on, and why."""
    told = (
        (_("批复文号：%s"), change.document),
        (_("生效日期：%s"), change.effective_on and cndate_long(change.effective_on)),
        (_("理由：%s"), change.reason),
    )
    return [text % value for text, value in told if value]


def _who(change: RosterChange) -> str:
    if change.roster is None:
        return (_("%s（建制调整）") if change.change in DECIDED else _("%s（系统内修改）")) % change.actor
    return _("%(who)s（名册 %(file)s）") % {
        "who": change.actor or _("命令行"),
        "file": change.roster.file_name,
    }


def said(fields: dict[str, Any]) -> list[str]:
    """Field changes as a reader takes them in: what was changed, and what was filled in for the first time."""
    found = field_changes(fields)
    filled = _("、").join(f"{one.label} {one.new}" for one in found if one.old == NOTHING)
    lines = [f"{one.label}：{one.old} → {one.new}" for one in found if one.old != NOTHING]
    return lines + ([_("填入：%s") % filled] if filled else [])


def class_lines(classes: Iterable[Classification]) -> list[dict[str, Any]]:
    lines = []
    for one in classes:
        kinds = "、".join(kind.name for kind in one.kinds.all())
        decided = _("%s 审定") % one.approver if one.approver else ""
        lines.append(
            {
                "title": f"{one.get_klass_display()} · {one.get_status_display()}",
                "who": "，".join(filter(None, [_("%s 提出") % one.proposer, decided])),
                "at": one.updated_at,
                "text": "\n".join(filter(None, [kinds, one.reason])),
                "tone": DOTS.get(one.status, ""),
            }
        )
    return lines


def import_events(events: Iterable[Any]) -> list[dict[str, Any]]:
    """What happened to an import, newest first: who, what, how many."""
    return [
        {
            "title": action_word(one.action, one.object_type),
            "who": one.actor_text,
            "at": one.at,
            "text": "\n".join(filter(None, [one.note, _counted(one.changes)])),
            "tone": IMPORT_DOTS.get(one.action, ""),
        }
        for one in events
        if one.action != "download"
    ]


def _counted(changes: dict[str, Any]) -> str:
    """新增 3，变更 12: the counts of an event."""
    return _("，").join(f"{label} {changes[key]}" for key, label in COUNTS.items() if changes.get(key))


def planned_lines(rows: Iterable[Any]) -> None:
    """Give preview and history rows what the table shows: which village, and its field changes in words."""
    for one in rows:
        found = field_changes(one.fields)
        one.said, one.rest = found[:MOST_FIELDS], found[MOST_FIELDS:]
        one.place, one.url = _place(one)


def numbered(rows: Iterable[Any], sheets: Sequence[str]) -> None:
    """Give planned and refused rows their number within their sheet, and the sheet where there are several."""
    for one in rows:
        one.sheet, one.number = place_of(one.row, sheets)


def _place(row: Any) -> tuple[str, str]:
    """Township and name; and the village's page, unless it is only planned or has been removed again since."""
    if isinstance(row, RosterChange):
        if row.village:
            return row.village.full_name, row.village.get_absolute_url()
        return (row.fields.get("name") or [row.code])[-1], ""
    return f"{row.township} {row.name}", ""


def workbook(content: bytes, name: str) -> HttpResponse:
    """A workbook as a download."""
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type=SHEET, headers=headers)
