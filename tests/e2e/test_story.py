"""The main job from an empty database: a roster becomes a plan, an inspection, a finding, and a closed item."""

import io
import re

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from playwright.sync_api import expect

from accounts.enums import OrganKind, Post
from accounts.models import Division, User
from accounts.services import create_user, open_organ
from common.calendar import today
from common.models import AuditEvent
from inspections.models import AnnualPlan, Feedback, Finding, Inspection
from inspections.services import create_term
from mianyang_xuncha import reference
from rectification.enums import CheckResult, ItemStatus, ResponsibleKind
from rectification.models import RectificationItem
from tests.e2e.acts import draft, issue, submit_and_approve, talk, tell_gaps, tick_duties
from tests.e2e.visitors import Visit, Visitor, page_of
from tests.factories.rectification import JPEG
from tests.factories.world import PASSWORD
from villages.models import Village

pytestmark = pytest.mark.chromium

COUNTY, TOWNSHIP, CODE = "510703000000", "510703103000", "510703103201"
K, P = OrganKind, Post
OFFICES = {
    "roster": ("罗名册", COUNTY, K.INSPECTION_OFFICE, P.ROSTER_ADMINISTRATOR),
    "officer": ("周办事", COUNTY, K.INSPECTION_OFFICE, P.OFFICER),
    "head": ("郑主任", COUNTY, K.INSPECTION_OFFICE, P.HEAD),
    "leading": ("吴书记", COUNTY, K.LEADING_GROUP, P.HEAD),
    "leader": ("冯组长", COUNTY, K.INSPECTION_TEAM, P.TEAM_LEADER),
    "member": ("陈组员", COUNTY, K.INSPECTION_TEAM, P.OFFICER),
    "second": ("褚组员", COUNTY, K.INSPECTION_TEAM, P.OFFICER),
    "township": ("卫镇委", TOWNSHIP, K.PARTY_COMMITTEE, P.HEAD),
    "discipline": ("蒋专干", TOWNSHIP, K.TOWNSHIP_DISCIPLINE, P.DISCIPLINE_OFFICER),
    "committee": ("沈委员", TOWNSHIP, K.TOWNSHIP_DISCIPLINE, P.DISCIPLINE_MEMBER),
}
IN_THE_VILLAGE = {"watch": ("韩监委", CODE, K.VILLAGE_SUPERVISORY, P.HEAD)}
FOUR = {"OVERALL": "张建国", "LEADER": "王丽", "SECTION": "镇财政所", "SUPERVISION": "赵明"}


def employ(people):
    for username, (name, code, kind, post) in people.items():
        organ = open_organ(division=Division.objects.get(code=code), kind=kind, actor=None)
        create_user(
            organ=organ,
            username=username,
            full_name=name,
            post=post,
            password=PASSWORD,
            must_change=False,
            actor=None,
            email=f"{username}@example.invalid",
        )


@pytest.fixture
def city(transactional_db):
    """What a city has before its first roster: divisions, checklist, rules, accounts, and a term with its targets."""
    reference.load()
    employ(OFFICES | {"city": ("李市办", "510700000000", K.INSPECTION_OFFICE, P.OFFICER)})
    year = today().year
    return create_term(
        city=Division.objects.get(tier="CITY"),
        name="本届",
        starts_on=today().replace(month=1, day=1),
        ends_on=today().replace(year=year + 4, month=12, day=31),
        targets={year + index: 20 * (index + 1) for index in range(5)},
        actor=User.objects.get(username="city"),
    )


def roster() -> bytes:
    """As an office keeps it: a merged title above the header, codes as text."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["涪城区村（社区）名册"])
    sheet.merge_cells("A1:F1")
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.append(["县(市、区)", "乡镇(街道)", "村(社区)名称", "统计区划代码", "户数", "近三年信访件次"])
    sheet.append(["涪城区", "青义镇", "龙门村", CODE, 412, 9])
    sheet.append(["涪城区", "青义镇", "方水村", "510703103202", 388, 0])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def person(city, visitor: Visit):
    """person("officer") → that person, signed in on the real page; asked again, the same browser."""
    come: dict[str, Visitor] = {}

    def named(username: str) -> Visitor:
        if username not in come:
            come[username] = visitor().sign_in(username)
        return come[username]

    return named


def test_a_roster_becomes_a_closed_item(person):
    import_the_roster(person)
    employ(IN_THE_VILLAGE)
    class_the_village(person)
    plan_the_year(person)
    open_the_round(person)
    inspect_the_village(person)
    feed_back(person)
    rectify(person)
    supervise_and_close(person)
    assert_the_records_agree(person)


def import_the_roster(person) -> None:
    clerk = person("roster")
    clerk.go("/villages/import/")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    clerk.attach("涪城区名册.xlsx", roster(), kind, field="file")
    clerk.press("上传并预检")
    clerk.sees("现在还没有写入", "龙门村", "方水村")
    assert not Village.objects.exists()
    clerk.press("确认导入，写入 2 行")
    clerk.sees("名册已导入")
    clerk.go("/villages/")
    clerk.sees("龙门村", "方水村")


def class_the_village(person) -> None:
    officer = person("officer")
    officer.go(f"/villages/{CODE}/class/")
    for suggested in officer.page.locator("[name=kinds]:checked").all():
        suggested.uncheck()
    officer.choose(klass="KEY_FOCUS")
    officer.fill(reason="近三年信访 9 件，群众反映集中")
    officer.press("提出，报负责人审定")
    officer.sees("的分类已提出，等待负责人审定")
    head = person("head")
    head.go("/villages/classes/?t=proposed")
    head.page.get_by_label("选择：青义镇 龙门村").check()
    head.press("审定", confirm=True)
    head.sees("已审定 1 个村的分类")


def plan_the_year(person) -> None:
    officer = person("officer")
    officer.go("/inspections/plans/new/")
    officer.press("建立计划")
    officer.follow(re.compile("^选村$"))
    officer.page.get_by_label("选择：青义镇 龙门村").check()
    officer.press("列入计划")
    officer.sees("已列入 1 个村")
    plan = AnnualPlan.objects.get()
    submit_and_approve(officer, person("leading"), plan.get_absolute_url())


def open_the_round(person) -> None:
    officer = person("officer")
    officer.go(AnnualPlan.objects.get().get_absolute_url())
    officer.follow("开展第 1 轮")
    officer.fill(starts_on=today().isoformat(), ends_on=today().isoformat())
    officer.press("开展本轮")
    officer.follow("组建巡察组")
    officer.fill(name="第一巡察组")
    officer.press("组建")
    for username, post in (("leader", "LEADER"), ("member", "MEMBER"), ("second", "DEPUTY")):
        officer.fill(user=str(User.objects.get(username=username).pk), post=post)
        officer.press("增加并继续")
        officer.sees(OFFICES[username][0])
    officer.follow("完成")
    officer.page.get_by_label("选择：青义镇 龙门村").check()
    officer.press("派组")
    officer.sees("已把 1 个村派给第一巡察组")


def inspect_the_village(person) -> None:
    leader, member = person("leader"), person("member")
    inspection = Inspection.objects.get()
    for label, kind in (("巡察方案", "PLAN"), ("巡察公告", "NOTICE")):
        draft(person("officer"), inspection, label)
        issue(person("head"), inspection, kind)
    for username in ("officer", "leader"):  # to the leader falls what is the team's, too
        tick_duties(person(username), inspection)
    leader.go(inspection.get_absolute_url())
    leader.press("进驻", confirm=True)
    leader.sees("进驻，已办理")
    member.go(inspection.get_absolute_url())
    member.follow("记录问题")
    member.follow("承包费、租金")
    member.fill(title="集体鱼塘承包费没有入账", facts="18 亩鱼塘承包费 1.2 万元由报账员保管，没有入账。")
    member.fill(second_inspector=str(User.objects.get(username="leader").pk))
    member.press("完成")
    member.sees("已登记底稿")
    paper = Finding.objects.get().get_absolute_url()
    for username, verb in (("leader", "签名"), ("second", "初审通过"), ("leader", "审定")):
        person(username).go(paper)
        person(username).press(verb, confirm=True)
        person(username).sees("已办理")
    talk_and_visit(person, inspection)
    tick_duties(leader, inspection)
    leader.go(inspection.get_absolute_url())
    leader.press("结束驻村", confirm=True)
    leader.sees("已办理")


def talk_and_visit(person, inspection) -> None:
    """A talk and a visit are written down, the others explained; the name is seen on asking only."""
    member, leader = person("member"), person("leader")
    talk(member, inspection, User.objects.get(username="second").pk, "钱老师")
    member.follow("访一户")
    member.choose(kind="HOUSEHOLD")
    member.press("登记")
    member.sees("已登记 F-01", "T-01")
    expect(member.main).not_to_contain_text("钱老师")
    member.press("查看：T-01")
    member.sees("钱老师", "公开栏常年不换", "这次查看已经记录")
    tell_gaps(leader, inspection)


def feed_back(person) -> None:
    officer, head = person("officer"), person("head")
    inspection = Inspection.objects.get()
    officer.go(inspection.get_absolute_url())
    officer.press("起草反馈意见")
    officer.sees("集体鱼塘承包费没有入账")
    head.go(inspection.get_absolute_url())
    head.follow("核对并签发反馈意见")
    head.follow("核对并签发")
    head.sees("1 条", "卫镇委")
    head.press("签发并交办 1 件")
    head.sees("交办整改事项 1 件")


def rectify(person) -> None:
    secretary = person("township")
    item = RectificationItem.objects.get()
    secretary.go("/")
    secretary.sees("集体鱼塘承包费没有入账")
    secretary.go(page_of(item))
    secretary.follow("签收")
    secretary.fill(measures__0__text="收回承包费并入村集体账户", measures__0__owner="村党支部书记")
    secretary.fill(**{f"{kind}_name": name for kind, name in FOUR.items()})
    secretary.press("签收")
    secretary.sees("已签收", *FOUR.values())
    secretary.follow("报进展")
    secretary.fill(text="承包费 1.2 万元已入账，收据附后。", proxy_reason="ENTRUSTED")
    secretary.attach("入账收据.jpg", JPEG, "image/jpeg", field="evidence")
    secretary.press("提交")
    secretary.sees("进展已报", "入账收据.jpg")
    secretary.follow("提交验收")
    secretary.sees("蒋专干", "沈委员", "韩监委")
    secretary.press("提交验收")
    secretary.sees("已提交")


def supervise_and_close(person) -> None:
    item = RectificationItem.objects.get()
    for username, answer in (
        ("discipline", "等待其他环节"),
        ("committee", "等待其他环节"),
        ("watch", "三个环节都已签齐"),
    ):
        signer = person(username)
        signer.go(page_of(item))
        signer.follow("签署监督意见")
        signer.choose(result="PASS", method="ON_SITE")
        signer.fill(place="村委会", opinion=f"查看了账簿和收据，情况属实（{username}）。")
        signer.press("签署")
        signer.sees(answer)
    officer = person("officer")
    officer.go(page_of(item))
    officer.follow("验收销号")
    officer.sees("情况属实（discipline）", "情况属实（committee）", "情况属实（watch）")
    officer.fill(opinion="账目、收据核对一致，同意销号。")
    officer.press("验收销号")
    officer.sees("已验收销号", "已销号")


def assert_the_records_agree(person) -> None:
    item = RectificationItem.objects.select_related("village__division", "finding").get()
    assert item.status == ItemStatus.CLOSED
    assert item.village.division.name == "龙门村"
    assert (item.village.klass, item.village.households) == ("KEY_FOCUS", 412)
    assert {one.signer.username for one in item.checks.filter(result=CheckResult.PASS)} == {
        "discipline",
        "committee",
        "watch",
    }
    assert dict(item.responsibles.values_list("kind", "name")) == {ResponsibleKind(k): v for k, v in FOUR.items()}
    assert item.attachments.get().name == "入账收据.jpg"
    feedback = Feedback.objects.get()
    assert (feedback.status, feedback.drafted_by.username, feedback.issued_by.username) == ("ISSUED", "officer", "head")
    assert item.finding.inspector.username == "member"
    signed_in = AuditEvent.objects.filter(action="sign_in").values_list("actor_id", flat=True)
    assert set(signed_in) == {one.pk for one in User.objects.exclude(username="city")}
    township = person("township")
    township.go(page_of(item))
    everybody = ("郑主任", "卫镇委", "蒋专干", "沈委员", "韩监委", "周办事")
    timeline = township.page.locator("#h-log").locator("xpath=ancestor::section")
    assert [name for name in everybody if name not in timeline.inner_text()] == []
