"""What the demo's offices sent out: a county's and the city's circular, a special report to a department."""

from collections.abc import Sequence
from datetime import date

from accounts.models import Division, User
from oversight import services
from oversight.models import Circular
from oversight.selectors import circulars as read
from rectification.services import sign_read

from . import clock
from .people import Cast

WORDS = {
    "下一步工作要求": "（一）对账销号。超期事项逐件说明原因，明确新的措施和责任人，一个月内清零。\n"
    "（二）未巡先改。没有巡察的村对照典型问题自查，能改的先改。\n"
    "（三）按期报送。每月底前报整改进展，县级抽查核实。",
    "主要原因": "（一）制度没有落到具体环节，办事程序和公开要求不细。\n（二）日常监管以看资料为主，到村核查少。",
    "整治建议": "（一）修订管理办法，明确办理时限、公开内容和责任人。\n"
    "（二）组织业务骨干逐村核查，问题列单、限期整改。\n（三）纳入年度业务检查，结果通报乡镇党委。",
}
EXAMPLES = 3


def tell(cast: Cast, city: Division, townships: Sequence[Division]) -> None:
    """The county's circular has been read by one of three; the city's by one county; a new draft waits for the head."""
    first = date(clock.year(), 1, 1)
    with clock.on(clock.day(6)):
        sent = _issued(_written(_drafted(cast["county"], first), cast["county"]), cast["head"], townships)
    with clock.on(clock.day(5)):
        sign_read(receipt=sent.receipts.get(organ=cast["qysecretary"].organ), actor=cast["qysecretary"])
    with clock.on(clock.day(4)):
        counties = read.places_below(city)
        drafted = _written(_drafted(cast["city"], first), cast["city"])
        sent = _issued(drafted, cast["cityhead"], list(counties), "INSPECTION_OFFICE")
    with clock.on(clock.day(3)):
        sign_read(receipt=sent.receipts.get(organ=cast["county"].organ), actor=cast["county"])
        _written(_drafted(cast["county"], clock.day(30)), cast["county"])


def report(cast: Cast, county: Division, code: str, first_day: date) -> Circular:
    """To the department on one checklist item, read there; a campaign is opened from it."""
    with clock.on(clock.day(20)):
        draft = services.draft_circular(
            kind="REPORT",
            first_day=first_day,
            last_day=clock.today(),
            department=cast["agri"].organ,
            subject=f"item:{code}",
            actor=cast["county"],
        )
        draft = _written(draft, cast["county"])
    with clock.on(clock.day(19)):
        sent = services.issue_circular(circular=draft, actor=cast["head"], cleared=True)
        sign_read(receipt=sent.receipts.get(), actor=cast["agri"])
    return sent


def _drafted(actor: User, first: date) -> Circular:
    return services.draft_circular(kind="CIRCULAR", first_day=first, last_day=clock.today(), actor=actor)


def _written(draft: Circular, actor: User) -> Circular:
    """With what a person writes, and some typical problems of different items."""
    texts = [WORDS.get(one["heading"], one["text"]) for one in draft.sections]
    words = {"title": draft.title, "to": draft.to, "issuer": draft.issuer}
    one = services.edit_circular(circular=draft, actor=actor, texts=texts, **words)
    by_item = {finding.checklist_item_id: finding for finding in read.candidates(actor, one).order_by("-pk")}
    for finding in list(by_item.values())[:EXAMPLES]:
        one = services.set_example(circular=one, finding=finding, text=read.example_text(one, finding), actor=actor)
    return one


def _issued(draft: Circular, head: User, places: Sequence[Division], kind: str = "PARTY_COMMITTEE") -> Circular:
    return services.issue_circular(circular=draft, actor=head, places=places, kinds=[kind], cleared=True)
