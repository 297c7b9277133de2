"""What the offices do beside the story: filings and their answers, declared recusals, the next checklist."""

from collections.abc import Sequence
from datetime import timedelta

from accounts.models import Division
from inspections import services as inspecting
from inspections.models import AnnualPlan, Checklist, Round

from . import clock
from .people import Cast

ANSWERS = {
    "accept": (inspecting.accept_filing, "同意备案，请按计划组织实施。"),
    "return": (inspecting.return_filing, "交叉巡察的村与派出县已有约定，请与游仙区核对进驻日期后重新报备。"),
}


def accept_plan(cast: Cast, plan: AnnualPlan, when: int) -> None:
    with clock.on(clock.day(when)):
        _answer(cast, plan, "accept")


def file_round(cast: Cast, wave: Round, *, when: int, answer: str) -> None:
    with clock.on(clock.day(when)):
        inspecting.file_round(round=wave, actor=cast["county"])
    with clock.on(clock.day(max(when - 1, 0))):
        _answer(cast, wave, answer)


def _answer(cast: Cast, filed: AnnualPlan | Round, answer: str) -> None:
    service, note = ANSWERS[answer]
    filing = filed.filings.order_by("-id")[0]
    service(filing=filing, actor=cast["city"], note=note)


def next_checklist(cast: Cast, when: int) -> None:
    """The city's second version: an item reworded, one added, one left out."""
    with clock.on(clock.day(when + 3)):
        draft = inspecting.draft_checklist(county=None, actor=cast["city"])
        common = {"basis": "", "lead_department": "民政局", "evidence": "名册与系统数据比对"}
        inspecting.add_item(
            checklist=draft,
            actor=cast["city"],
            revision=draft.revision,
            point_code="B3",
            text="高龄津贴、残疾人补贴应发未发或者重复发放",
            theme="民生领域",
            party_building=False,
            **common,
        )
        draft = Checklist.objects.get(pk=draft.pk)
        inspecting.retire_item(item=draft.items.get(code="A1-02"), actor=cast["city"], revision=draft.revision)
        draft = Checklist.objects.get(pk=draft.pk)
        item = draft.items.get(code="A1-05")
        words = {name: getattr(item, name) for name in (*common, "theme", "party_building")}
        text = f"{item.text}，或者没有传达到户"
        inspecting.edit_item(item=item, actor=cast["city"], revision=draft.revision, text=text, **words)
    with clock.on(clock.day(when)):
        draft = Checklist.objects.get(pk=draft.pk)
        inspecting.enable_checklist(checklist=draft, on=clock.today(), actor=cast["cityhead"], revision=draft.revision)


def recusals(cast: Cast, torn: Division, elsewhere: Sequence[Division]) -> None:
    """Three have declared something; one of them is on a team that is to go where it must not."""
    with clock.on(clock.day(90)):
        inspecting.declare_recusal(
            user=cast["team4"],
            township=elsewhere[0],
            kind="SERVED",
            declared_on=clock.today() - timedelta(days=2),
            until=clock.day(-275),
            detail="曾任该镇党委委员，离任不满三年",
            actor=cast["county"],
        )
        lifted = inspecting.declare_recusal(
            user=cast["team5"],
            township=elsewhere[1],
            kind="RELATIVE",
            declared_on=clock.today(),
            detail="姐夫任村委会副主任",
            actor=cast["county"],
        )
    with clock.on(clock.day(30)):
        inspecting.lift_recusal(recusal=lifted, actor=cast["county"], note="亲属已离任，情形消失")
    with clock.on(clock.day(0)):
        inspecting.declare_recusal(
            user=cast["team2"],
            township=torn,
            kind="RELATIVE",
            declared_on=clock.today(),
            detail="表兄任村党组织副书记",
            actor=cast["county"],
        )
