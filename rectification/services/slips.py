"""交办单: one item as a paper, for what is handed over from the field before there is any feedback (E3, H3)."""

from django.utils.translation import gettext as _

from accounts.models import User
from common import audit
from common.documents import Annex, Paper, docx, long_day
from inspections.selectors.papers.base import office_of
from rectification.models import RectificationItem


def assignment_slip(*, item: RectificationItem, actor: User) -> tuple[str, bytes]:
    """(name, Word file by GB/T 9704-2012) of the slip of an item that the caller has checked. Audited."""
    finding, village, township = item.finding, item.village.division.short_name, item.township.name
    ahead, due = item.feedback_id is None, long_day(item.original_deadline)
    place = {"township": township, "village": village}
    told = _("经研究，列为立巡立改，不等集中反馈，先行交办。") if ahead else _("现予交办。")
    text = [
        _("巡察发现%(township)s%(village)s有以下问题。") % place + told,
        _("一、问题"),
        f"{finding.title}。{finding.facts}",
        _("二、要求"),
        _("%(township)s党委承担主体责任，%(village)s党组织承担具体整改责任，于%(due)s前整改到位。")
        % (place | {"due": due})
        + _("请乡镇党委收到后签收，填写整改措施和“四抓”责任人，改好后报送进展和佐证、提交验收。"),
    ]
    rows = [
        [_("编号"), item.number],
        [_("交办日期"), long_day(item.assigned_on)],
        [_("整改时限"), due],
        [_("乡镇党委签收人、时间"), ""],
        [_("村党组织签收人、时间"), ""],
    ]
    title = _("立巡立改问题交办单") if ahead else _("巡察整改事项交办单")
    paper = Paper(
        title=title,
        text=text,
        issuer=office_of(item.inspection),
        day=item.assigned_on,
        to=_("%(township)s党委、%(village)s党组织") % place,
        annexes=[Annex(_("签收单"), [(_("项目"), 56), (_("内容"), 100)], rows)],
    )
    name = f"{title} {item.number}.docx"
    content = docx(paper)
    audit.record("download", item, actor=actor, note=name)
    return name, content
