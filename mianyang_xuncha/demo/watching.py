"""What the story shows of watching: where links looked and disagreed, what villagers said, a sample, a circular."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Division, User
from inspections.models import Inspection
from rectification import services as rectifying
from rectification.enums import CheckMethod, CheckResult, ClueResult
from rectification.models import RectificationItem

from . import clock, evidence
from .people import Cast

PLACES = ("村委会档案室", "村务公开栏", "二组、三组农户家中")
OPINIONS = (
    "到村核对账目和单据，问题已整改到位。",
    "抽查公开栏并走访农户，情况属实。",
    "村民代表会议已通报，群众认可。",
)
METHODS = (CheckMethod.ACCOUNTS, CheckMethod.ON_SITE, CheckMethod.INTERVIEW)
OBJECTION = "公开栏里只有一组、二组的名单，三组的没有，不同意“符合要求”的结论。"
LESSON = """一、教训
有的村账目公开不及时，群众看不到、问不明，小问题拖成了大问题。
二、要求
（一）对照检查。各村党组织在收到通报后十五个工作日内，对照检查近两年集体资金、惠民补贴的公开情况。
（二）立巡立改。能马上改的马上改，并在公开栏写明整改情况。"""


def check(item: RectificationItem, signer: User, link: int, result: str = CheckResult.PASS, opinion: str = "") -> Any:
    """One link's signature; the second link was on the spot and took a photograph."""
    photo = SimpleUploadedFile(f"{item.number}-现场.png", evidence.picture(item.number), "image/png")
    return rectifying.sign_check(
        item=item,
        actor=signer,
        result=result,
        method=METHODS[link],
        checked_on=clock.today(),
        place=PLACES[link],
        opinion=opinion or OPINIONS[link],
        photos=[photo] if METHODS[link] == CheckMethod.ON_SITE else [],
    )


def ask_villagers(item: RectificationItem, asker: User, satisfied: int, seed: int) -> None:
    """26 at home and 14 in a meeting; how many of those at home are content is told."""
    counts = (("VISIT", 26, satisfied, 3), ("MEETING", 14, 9, 3))
    for order, (channel, asked, content, fair) in enumerate(counts):
        rectifying.record_poll(
            item=item,
            actor=asker,
            key=UUID(int=seed * 1000 + item.pk * 10 + order),
            channel=channel,
            asked=asked,
            satisfied=content,
            fair=fair,
            polled_on=clock.today(),
        )


def look_back(cast: Cast, county: Division, seed: int) -> None:
    """Four of last year's closed items are drawn; two are good, one has come back, one is still to be looked at."""
    with clock.on(clock.day(30)):
        lookback = rectifying.draw_lookback(
            county=county,
            actor=cast["county"],
            key=UUID(int=seed * 7 + 1),
            closed_from=clock.today() - timedelta(days=400),
            closed_to=clock.today(),
            size=4,
        )
    lines = list(lookback.lines.select_related("item"))
    seen = (("GOOD", "公示牌仍在，账目按月更新。"), ("GOOD", "水渠通畅，管护人在岗。"), ("BAD", "公示栏又空了三个月。"))
    for day, line, (result, told) in zip((24, 23, 21), lines, seen, strict=False):
        with clock.on(clock.day(day)):
            actor = cast["head"] if result == "BAD" else cast["county"]
            rectifying.record_lookback(
                line=line, actor=actor, result=result, checked_on=clock.today(), place="村务公开栏", seen=told
            )


def teach(cast: Cast, county: Division, townships: list[Division], readers: list[User]) -> None:
    """A lesson drafted by the discipline commission, issued by the office's head; some have read it."""
    with clock.on(clock.day(12)):
        lesson = rectifying.save_lesson(
            actor=cast["discipline"], county=county, title="关于村级账目公开不及时问题的通报", text=LESSON
        )
    with clock.on(clock.day(11)):
        lesson = rectifying.issue_lesson(lesson=lesson, actor=cast["head"], townships=townships, with_villages=True)
    with clock.on(clock.day(10)):
        for receipt in lesson.receipts.filter(organ__in=[one.organ_id for one in readers]):
            reader = next(one for one in readers if one.organ_id == receipt.organ_id)
            rectifying.sign_read(receipt=receipt, actor=reader)


def clue_with_result(inspection: Inspection, leader: User, cast: Cast, seed: int) -> None:
    """An envelope that has come back: signed for, answered, with the result of its case."""
    head, receiver = cast["head"], cast["discipline"]
    with clock.on(clock.day(5)):
        clue = rectifying.propose_clue(
            inspection=inspection, actor=leader, key=UUID(int=seed * 10 + 3), seal_number="涪巡密 0003", pages=6
        )
    with clock.on(clock.day(4)):
        clue = rectifying.approve_clue(clue=clue, actor=head, receiver=receiver)
        clue = rectifying.hand_over_clue(clue=clue, actor=cast["county"])
    with clock.on(clock.day(3)):
        clue = rectifying.receive_clue(clue=clue, actor=receiver)
    with clock.on(clock.day(1)):
        rectifying.record_case(
            clue=clue,
            actor=receiver,
            key=UUID(int=seed * 10 + 4),
            outcome="TALKED",
            people=1,
            concluded_on=clock.today(),
            document_number="涪纪函 8 号",
        )
        rectifying.answer_clue(clue=clue, actor=receiver, result=ClueResult.DEALT, answer_number="涪纪函 8 号")
