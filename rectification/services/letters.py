"""催办函: written down when items are urged, made into a paper when it is asked for (E7, H3)."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Division, User
from common import audit
from common.documents import Annex, Paper, docx, paragraphs
from rectification.models import RectificationItem, UrgeLetter, UrgeLine

HEAD = (
    (gettext_lazy("编号"), 34),
    (gettext_lazy("村（社区）"), 28),
    (gettext_lazy("问题"), 50),
    (gettext_lazy("整改时限"), 24),
    (gettext_lazy("情况"), 20),
)


def write_letters(*, items: Sequence[RectificationItem], actor: User, text: str, day: date) -> list[UrgeLetter]:
    """A letter for each township with the items not urged before on that day; in the caller's transaction.

    The county's row is locked, so that an item is urged once and numbers have no gaps and are given once.
    """
    list(Division.objects.select_for_update().filter(pk__in={one.county_id for one in items}).order_by("pk"))
    known = set(UrgeLine.objects.filter(item__in=items, day=day).values_list("item_id", flat=True))
    by_township: dict[tuple[int, int], list[RectificationItem]] = {}
    for one in items:
        if one.pk not in known:
            by_township.setdefault((one.county_id, one.township_id), []).append(one)
    return [_write(*place, found, actor, text, day) for place, found in sorted(by_township.items())]


def _write(
    county: int, township: int, items: Sequence[RectificationItem], actor: User, text: str, day: date
) -> UrgeLetter:
    last = UrgeLetter.objects.filter(county=county, year=day.year).aggregate(last=Max("serial"))["last"] or 0
    letter = UrgeLetter.objects.create(
        county_id=county,
        township_id=township,
        year=day.year,
        serial=last + 1,
        day=day,
        text=text,
        issued_by=actor,
    )
    UrgeLine.objects.bulk_create([UrgeLine(letter=letter, item=one, day=day, deadline=one.deadline) for one in items])
    return letter


def urge_letter_file(*, letter: UrgeLetter, actor: User) -> bytes:
    """The letter as Word by GB/T 9704-2012, with the list of its items. Audited."""
    lines = list(letter.lines.select_related("item__finding", "item__village__division").order_by("deadline", "item"))
    late = sum(1 for one in lines if one.deadline and one.deadline < letter.day)
    told = _("经核，你单位尚有%(all)s件巡察整改事项需要抓紧办理") % {"all": len(lines)}
    told += _("，其中%s件已经超过整改时限。") % late if late else "。"
    text = [told, *paragraphs(letter.text), _("请逐件核对所附清单，明确责任人和完成时间，按时在系统里报送进展和佐证。")]
    head = [(str(label), wide) for label, wide in HEAD]
    paper = Paper(
        title=_("关于抓紧办理巡察整改事项的催办函"),
        text=text,
        issuer=letter.issued_by.organ.name,
        day=letter.day,
        number=str(letter),
        to=_("%s党委") % letter.township.name,
        annexes=[Annex(_("催办事项清单"), head, [_row(one, letter.day) for one in lines])],
    )
    audit.record("download", letter, actor=actor, note=str(letter))
    return docx(paper)


def _row(line: UrgeLine, day: date) -> list[str]:
    item, left = line.item, (line.deadline - day).days if line.deadline else None
    if left is None:
        state = _("长期坚持")
    elif left < 0:
        state = _("超期 %s 天") % -left
    else:
        state = _("还有 %s 天") % left if left else _("当天到期")
    place = item.village.division.short_name
    return [item.number, place, item.finding.title, f"{line.deadline:%Y-%m-%d}" if line.deadline else "", state]
