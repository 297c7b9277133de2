"""The demo's oversight: a guidance visit with problems, a hearing with decisions, a talk with a township."""

from datetime import timedelta

from accounts.enums import OrganKind, Post
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


def of_other_counties(city: Division, told: Division) -> None:
    """Most of the others have heard their offices this year, some have appraised their teams; one has done neither."""
    counties = city.children.exclude(pk=told.pk).order_by("code")
    for number, county in enumerate(counties):
        office = {"organ__kind": OrganKind.INSPECTION_OFFICE, "organ__division": county, "post": Post.OFFICER}
        officer = User.objects.filter(**office).order_by("pk").first()
        if officer is None or number % 7 == 5:
            continue
        with clock.on(clock.day(48 - number * 4)):
            _hearing(county, officer)
        if number % 2:
            with clock.on(clock.day(24 - number * 2)):
                services.arrange_occasion(
                    kind="APPRAISAL",
                    county=county,
                    title=f"{clock.year()} 年巡察组激励考核",
                    day=today(),
                    people=f"{county.name}委巡察办、各巡察组组长",
                    record="对照底稿质量、印证情况和整改效果逐组评议。",
                    actor=officer,
                )


def _hearing(county: Division, officer: User) -> None:
    services.arrange_occasion(
        kind="HEARING",
        county=county,
        title=f"听取{clock.year()}年巡察工作情况汇报",
        day=today(),
        people="县（市、区）委主要负责人、巡察工作领导小组成员",
        record="议题：本年度巡察和整改情况。决定：超期事项由乡镇党委书记逐件说明，年底前清零。",
        actor=officer,
    )


def _ask(occasion: Occasion, text: str, organ: Organ, days: int, actor: User) -> FollowUp:
    return services.add_follow_up(
        occasion=occasion,
        text=text,
        organ=organ,
        due=today() + timedelta(days=days),
        actor=actor,
    )
