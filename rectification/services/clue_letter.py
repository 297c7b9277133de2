"""线索移交函: what travels with a sealed envelope (E4, H3)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import audit
from common.documents import Annex, Paper, docx
from common.templatetags.ui import cndate_long
from rectification.models import Clue


def clue_letter(*, clue: Clue, actor: User) -> tuple[str, bytes]:
    """(name, Word file) of the letter to the receiver named on a clue that the caller has checked; on record.

    It tells number, seal and dates, and not what the clue is about, nor where it was found.
    """
    office = clue.approved_by.organ.name if clue.approved_by else ""
    receiver = clue.receiver.full_name if clue.receiver else ""
    told = {"number": clue.number, "who": receiver}
    text = [
        _("现将巡察发现的问题线索 1 件（编号 %(number)s）移交你委，请%(who)s签收。") % told,
        _("一、移交内容"),
        _("纸质密封件封签号 %(seal)s，共 %(pages)s 页。") % {"seal": clue.seal_number, "pages": clue.pages}
        if clue.seal_number
        else _("密封内容存于系统，由接收人签收后打开。"),
        _("二、办理要求"),
        _("请核对封签后签收，于 %s 前将办理结果反馈我办。") % cndate_long(clue.answer_due_on)
        if clue.answer_due_on
        else _("请核对封签后签收，并按规定时限将办理结果反馈我办。"),
        _("本函及线索内容按规定保密，不得向被反映的单位和个人透露。"),
    ]
    receipt = Annex(
        _("线索签收单"),
        [(_("项目"), 46), (_("内容"), 110)],
        [
            [_("线索编号"), clue.number],
            [_("封签指纹"), clue.seal],
            [_("接收人"), receiver],
            [_("签收时间"), ""],
            [_("签收人签名"), ""],
        ],
    )
    day = timezone.localdate(clue.handed_over_at) if clue.handed_over_at else None
    to = clue.receiver.organ.name if clue.receiver else ""
    title = _("关于移交问题线索的函")
    paper = Paper(title=title, text=text, issuer=office, day=day, to=to, annexes=[receipt])
    name = f"{_('线索移交函')} {clue.number}.docx"
    content = docx(paper)
    audit.record("download", clue, actor=actor, note=name)
    return name, content
