"""The demo's oversight: a guidance visit with problems, a hearing with decisions, a talk with a township."""

from datetime import timedelta

from accounts.enums import OrganKind
from accounts.models import Division, Organ, User
from common.calendar import today
from oversight import services
from oversight.models import FollowUp, Occasion

from . import clock
from .people import Cast


def tell(cast: Cast, city: Division, county: Division, township: Division) -> None:
    office = Organ.objects.get(division=county, kind=OrganKind.INSPECTION_OFFICE)
    committee = Organ.objects.get(division=township, kind=OrganKind.PARTY_COMMITTEE)
    with clock.on(clock.day(40)):
        visit = services.arrange_occasion(
            kind="GUIDANCE_VISIT",
            county=county,
            title=f"第一轮巡察{county.name}指导督导",
            day=today(),
            people="市委巡察办综合科、县委巡察办主要负责人",
            record="查看两个巡察组的工作底稿和谈话记录，走访两个村。底稿引用印证比较完整，入户走访的记录偏简单。",
            actor=cast["city"],
        )
        first = _ask(visit, "入户走访记录补充关注事项，逐村复核", office, 20, cast["city"])
        _ask(visit, "把走访要点印成一页，发给下一轮各组", office, 60, cast["city"])
    with clock.on(clock.day(28)):
        first = services.answer_follow_up(
            follow_up=first, actor=cast["county"], answer="已逐村复核，补充走访记录十四份，附在各村材料后。"
        )
    with clock.on(clock.day(26)):
        services.confirm_follow_up(follow_up=first, actor=cast["city"], note="抽看三份，情况属实。")
    with clock.on(clock.day(15)):
        hearing = services.arrange_occasion(
            kind="HEARING",
            county=county,
            title="听取第一轮巡察情况汇报",
            day=today(),
            people="县委书记、县委巡察工作领导小组成员",
            record="议题：第一轮巡察情况、共性问题、整改安排。决定：公开公示类问题由乡镇统一整改，一个月内报结果。",
            actor=cast["county"],
        )
        _ask(hearing, "统一整改公开公示类问题，报送整改结果", committee, 45, cast["county"])
    with clock.on(clock.day(3)):
        services.arrange_occasion(
            kind="TALK",
            county=county,
            township=township,
            title=f"{township.name}整改超期约谈",
            reason="整改事项超期较多",
            day=today() + timedelta(days=7),
            actor=cast["head"],
        )


def _ask(occasion: Occasion, text: str, organ: Organ, days: int, actor: User) -> FollowUp:
    return services.add_follow_up(
        occasion=occasion,
        text=text,
        organ=organ,
        due=today() + timedelta(days=days),
        actor=actor,
    )
