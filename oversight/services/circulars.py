"""情况通报 and 专题报告: drafted from the data, edited, issued by another, signed for, reminded of (F3, G4)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import OrganKind
from accounts.models import Division, Organ, User
from common import audit, inbox, policy, workflow
from common.calendar import today
from common.documents import Paper, docx, paragraphs
from common.models import Message
from common.once import sent_before
from inspections.models import Finding
from oversight.enums import CircularKind, CircularStatus
from oversight.models import Circular, CircularReceipt
from oversight.selectors import circulars as read
from rectification.services import receivers

REMIND_AFTER, REMIND_UNTIL = 3, 30  # days after the issue


@transaction.atomic
def draft_circular(
    *,
    kind: str,
    first_day: date,
    last_day: date,
    actor: Any,
    department: Organ | None = None,
    subject: str = "",
    key: UUID | None = None,
) -> Circular:
    """A draft of the actor's place with the figures of the period; of a report also its department and subject.

    A `key` (one per opened form) makes a form that was sent twice one draft. Raises PermissionDenied for whoever
    drafts none, ValidationError for a period that is not over, another county's department, or a report on which
    nothing has been found.
    """
    told = {"kind": kind, "first_day": first_day, "last_day": last_day, "department": department, "subject": subject}
    one = Circular(**told, place=actor.division, drafted_by=actor, year=today().year, key=key)
    policy.allows(actor, "edit", one).demand()
    if sent := sent_before(Circular, key, drafted_by=actor, **told):
        return sent
    _check(one)
    for name, value in _made(actor, one).items():
        setattr(one, name, value)
    if one.is_report and not one.figures["items"]:
        raise ValidationError({"subject": _("这段时间里没有这个专题的已反馈问题，请换一个专题或者时间。")})
    one.save()
    audit.record("draft", one, actor=actor, target=one.status)
    return one


def _check(one: Circular) -> None:
    wrong = {}
    if one.first_day > one.last_day:
        wrong["last_day"] = _("止日不能早于起日。")
    elif one.last_day > today():
        wrong["last_day"] = _("止日不能晚于今天。")
    if one.is_report and (
        one.department is None
        or (one.department.kind, one.department.division_id) != (OrganKind.FUNCTIONAL_DEPARTMENT, one.place_id)
    ):
        wrong["department"] = _("请选择本县的职能部门。")
    if wrong:
        raise ValidationError(wrong)


def _made(actor: Any, one: Circular) -> dict[str, Any]:
    draft, figures = read.draft(actor, one)
    sections = [{"heading": heading, "text": text} for heading, text in draft.sections]
    made = {"title": draft.title, "to": draft.to, "issuer": draft.issuer, "sections": sections}
    return made | {"figures": figures, "as_of": today()}


def edit_circular(
    *,
    circular: Circular,
    actor: Any,
    title: str,
    to: str,
    issuer: str,
    texts: Sequence[str],
    version: int | None = None,
) -> Circular:
    """Change the words; `texts` are those of the sections in their order. Raises Conflict, ValidationError."""
    pairs = zip(circular.sections, texts, strict=True)
    given: dict[str, Any] = {"title": title, "to": to, "issuer": issuer}
    given["sections"] = [one | {"text": text.strip()} for one, text in pairs]
    return workflow.apply(circular, "edit", actor=actor, version=version, **given)


def renew_circular(*, circular: Circular, actor: Any, version: int | None = None) -> Circular:
    """Text and figures anew from the data of today; what people wrote is replaced, the examples stay."""
    return workflow.apply(circular, "edit", actor=actor, version=version, **_made(actor, circular))


@transaction.atomic
def set_example(*, circular: Circular, finding: Finding, text: str, actor: Any) -> Circular:
    """Take a finding as a typical problem, in words that tell of nobody; again replaces them, none takes it out."""
    fresh = Circular.objects.select_for_update(of=("self",)).get(pk=circular.pk)
    text = " ".join(text.split())
    kept = [one for one in fresh.examples if one["finding"] != finding.pk]
    if text:
        if not read.candidates(actor, fresh).filter(pk=finding.pk).exists():
            raise PermissionDenied(_("这个问题不能作典型问题，请从列表中选择。"))
        if told := read.of_example(text, finding, fresh.place):
            raise ValidationError({"text": _("典型问题里不能有：%s。请改写后再保存。") % "、".join(told)})
        kept.append({"finding": finding.pk, "text": text})
    return workflow.apply(fresh, "edit", actor=actor, examples=kept)


@transaction.atomic
def issue_circular(
    *,
    circular: Circular,
    actor: Any,
    places: Iterable[Division] = (),
    kinds: Iterable[str] = (),
    cleared: bool = False,
    version: int | None = None,
) -> Circular:
    """签发 by the head of the office, who did not draft it: numbered, frozen, a receipt and a notice for each unit.

    A report goes to its department, a circular to the organs of `kinds` at `places` and below. `cleared`: the issuer
    has looked at the text for what tells of people; names and numbers that the system knows are refused anyway.
    """
    if not cleared:
        raise ValidationError({"cleared": _("请先逐条核对，再勾选确认。")})
    organs = _receivers(circular, list(places), list(kinds))
    text = "\n".join([circular.title, *(text for _heading, text in circular.headed_sections)])
    if told := read.personal(text, circular.place):
        raise ValidationError(_("正文里有%s。请退回修改后再签发。") % "、".join(told))
    Division.objects.select_for_update().get(pk=circular.place_id)
    year = today().year
    numbered = Circular.objects.filter(place=circular.place_id, kind=circular.kind, year=year)
    last = numbered.aggregate(last=Max("serial"))["last"] or 0
    given: dict[str, Any] = {"serial": last + 1, "year": year, "issued_by": actor, "issued_at": timezone.now()}
    issued = workflow.apply(circular, "issue", actor=actor, version=version, **given)
    CircularReceipt.objects.bulk_create(CircularReceipt(circular=issued, organ=one) for one in organs)
    _post(issued, User.objects.filter(organ__in=organs), "issue", _("%(kind)s：%(title)s，请阅后签阅"), email=False)
    return issued


def _receivers(circular: Circular, places: list[Division], kinds: list[str]) -> list[Organ]:
    if circular.department is not None:
        return [circular.department]
    if any(one.parent_id != circular.place_id for one in places):
        raise PermissionDenied(_("只能发给本级所辖的单位。"))
    wanted = set(kinds) & set(read.kinds_of(circular.place))
    organs = receivers(places=places, kinds=wanted)
    if OrganKind.FUNCTIONAL_DEPARTMENT in wanted:
        organs += Organ.objects.filter(division=circular.place_id, kind=OrganKind.FUNCTIONAL_DEPARTMENT)
    if not organs:
        raise ValidationError({"places": _("请选择发到哪些地方、哪些单位。")})
    return organs


@transaction.atomic
def urge_readers(*, circular: Circular, actor: Any) -> int:
    """催阅: the units that have not signed are told again, at most once a day. Returns how many units those are."""
    policy.allows(actor, "urge", circular).demand()
    unread = CircularReceipt.objects.filter(circular=circular, read_at=None)
    if waiting := unread.count():
        _post(circular, read.people_of(unread), f"urge:{today():%F}", _("催阅 %(kind)s：%(title)s"), email=True)
        audit.record("urge", circular, actor=actor, note=_("%s 个单位") % waiting)
    return waiting


@transaction.atomic
def remind_readers(*, on: date) -> int:
    """Units that have not signed within REMIND_AFTER days are reminded, each person once. Returns the new messages."""
    days = on - timedelta(days=REMIND_UNTIL), on - timedelta(days=REMIND_AFTER)
    issued = Circular.objects.filter(status=CircularStatus.ISSUED, issued_at__date__range=days)
    made = 0
    for one in issued.filter(receipts__read_at=None).distinct().order_by("pk"):
        unread = CircularReceipt.objects.filter(circular=one, read_at=None)
        made += _post(one, read.people_of(unread), "late", _("还没有签阅的%(kind)s：%(title)s"), email=True)
    return made


def _post(circular: Circular, recipients: Any, event: str, title: str, *, email: bool) -> int:
    return inbox.post(
        recipients=recipients,
        kind=Message.Kind.NOTICE,
        key=f"circular:{circular.pk}:{event}",
        title=title % {"kind": CircularKind(circular.kind).label, "title": circular.title},
        body=_("打开查看全文并签阅。"),
        path="/oversight/received/",
        email=email,
    )


def circular_file(*, circular: Circular, actor: Any) -> tuple[str, bytes]:
    """(name, Word file by GB/T 9704-2012) of what the caller was allowed to see; on record."""
    text = [part for heading, body in circular.headed_sections for part in (heading, *paragraphs(body)) if part]
    paper = Paper(
        title=circular.title,
        text=text,
        issuer=circular.issuer,
        day=timezone.localdate(circular.issued_at) if circular.issued_at else None,
        number=circular.number,
        to=circular.to,
        annexes=[one.annex for one in read.tables(circular)],
        is_draft=circular.is_draft,
    )
    name = f"{circular.title}{_('（草稿）') if circular.is_draft else ''}.docx"
    audit.record("download", circular, actor=actor, note=name)
    return name, docx(paper)


def drop_circular(*, circular: Circular, actor: Any, note: str = "") -> Circular:
    """A draft that is not wanted: it leaves the list and stays on record."""
    return workflow.apply(circular, "drop", actor=actor, note=note)
