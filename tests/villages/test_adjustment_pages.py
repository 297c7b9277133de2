"""村级建制调整 in the browser's terms: what is listed, the worksheet, its preview, whole townships, taking back."""

import pytest
from django.test import Client
from django.urls import reverse

from common.calendar import today
from common.models import AuditEvent
from tests.factories import rectification as make
from tests.factories.villages import approved, lacking
from tests.factories.world import village as made
from villages.models import RosterChange, Village

LIST = "/villages/adjustments/"
SHEET = "/villages/adjustments/510703103000/"
ORDER = {"document": "川民函〔2020〕8号", "effective_on": "2020-05-01", "reason": ""}


@pytest.fixture
def admin(waiting, signed_in):
    return signed_in(waiting.roster_admin)


def fresh(village):
    return Village.objects.select_related("successor").get(pk=village.pk)


def sheet(*choices, order=ORDER, **more):
    """What the worksheet posts: (village, go, to) each."""
    data = dict(order)
    for village, go, *to in choices:
        data |= {
            f"go_{village.pk}": go,
            f"to_{village.pk}": to[0] if to else "",
            f"v_{village.pk}": fresh(village).version,
        }
    return data | more


def text(response):
    return response.content.decode()


def test_a_day_in_a_year_gone_by_is_pointed_out_before_it_moves_the_coverage_of_that_year(admin, waiting):
    this_year = ORDER | {"effective_on": f"{today().year}-01-01"}
    said = "2020 年起各年覆盖的村数都按新的建制重新计算"
    assert said in text(admin.post(SHEET, sheet((waiting.village, "WITHDRAW"))))
    assert "重新计算" not in text(admin.post(SHEET, sheet((waiting.village, "WITHDRAW"), order=this_year)))
    assert "重新计算" not in text(admin.post(SHEET, sheet((waiting.village, "KEEP"))))


# ------------------------------------------------------------------------- list


def test_the_list_counts_what_waits_by_township(admin, waiting):
    shown = text(admin.get(LIST))
    assert "还有 2 个待决定" in shown
    assert "青义镇" in shown
    assert "丰谷镇" not in shown


def test_all_townships_are_listed_on_demand(admin, waiting):
    assert "丰谷镇" in text(admin.get(LIST, {"all": "1"}))


def test_a_township_is_found_by_its_initials(admin, waiting):
    assert "青义镇" in text(admin.get(LIST, {"q": "qyz"}))
    assert "没有符合条件的乡镇" in text(admin.get(LIST, {"q": "fgz"}))


def test_the_city_chooses_a_county(waiting, signed_in):
    lacking(waiting.other_village)
    city = signed_in(waiting.city_roster_admin)
    assert "还有 3 个待决定" in text(city.get(LIST))
    shown = text(city.get(LIST, {"county": waiting.other_county.pk}))
    assert "还有 1 个待决定" in shown
    assert "沉抗镇" in shown
    assert "青义镇" not in shown


def test_what_was_decided_shows_as_progress(admin, waiting):
    admin.post(SHEET, sheet((waiting.village, "WITHDRAW"), confirmed="1"))
    shown = text(admin.get(LIST))
    assert "还有 1 个待决定" in shown
    assert "已决定 1 个" in shown


def test_nothing_waits(world, signed_in):
    shown = text(signed_in(world.roster_admin).get(LIST))
    assert "没有待决定的村" in shown


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three_townships(world, signed_in, django_assert_num_queries, number):
    lacking(*[world.village, world.sibling_village, world.other_village][:number])
    client = signed_in(world.city_roster_admin)
    with django_assert_num_queries(14):
        client.get(LIST)


# -------------------------------------------------------------------- worksheet


def test_the_worksheet_shows_each_village_with_its_work_and_a_suggestion(admin, waiting):
    make.assigned_items(waiting)
    twin = made("510703100202", "龙门社区", waiting.sibling_township)
    shown = text(admin.get(SHEET))
    assert "未销号的整改 2 件" in shown
    assert "未办结的巡察 1 次" in shown
    assert f'value="MERGE:{twin.division.code}"' in shown
    assert "同名，全县名册中只有这一个" in shown


def test_only_waiting_villages_unless_all_are_asked_for(admin, waiting):
    other = made("510703103209", "新村", waiting.township)
    listed = [
        [line.village for line in admin.get(SHEET, query).context["form"].lines]
        for query in ({}, {"all": "1"}, {"village": other.division.code})
    ]
    both = [waiting.village, waiting.second_village]
    assert listed == [both, [*both, other], [other]]


def test_sure_suggestions_are_filled_in_on_demand(admin, waiting):
    made("510703103209", "方水社区", waiting.township)
    assert "selected" not in text(admin.get(SHEET)).split("<datalist")[0].replace('value="" selected', "")
    filled = text(admin.get(SHEET, {"adopt": "HIGH"}))
    assert '<option value="MERGE:510703103209" selected>' in filled
    assert text(admin.get(SHEET, {"adopt": "KEEP"})).count('<option value="KEEP" selected>') == 2


@pytest.mark.parametrize("number", [1, 3])
def test_the_worksheet_costs_the_same_for_one_and_for_three(world, signed_in, django_assert_num_queries, number):
    lacking(*[made(f"51070310322{n}", f"第{n}村", world.township) for n in range(number)])
    client = signed_in(world.roster_admin)
    with django_assert_num_queries(19):
        client.get(SHEET)


def test_another_countys_township_is_not_there(admin, waiting):
    assert admin.get("/villages/adjustments/510704101000/").status_code == 404
    assert admin.get("/villages/adjustments/510799999000/").status_code == 404


# ---------------------------------------------------------------------- preview


def test_the_preview_says_what_moves_and_writes_nothing(admin, waiting):
    make.assigned_items(waiting)
    shown = text(admin.post(SHEET, sheet((waiting.village, "MERGE", "510703100201"))))
    for word in ("未办结的巡察 1 次", "未销号的整改 2 件", "丰谷镇 二社村", "原为重点关注村，存续村须重新提出分类"):
        assert word in shown
    assert "共 7 人会收到消息" in shown
    assert fresh(waiting.village).status == "ACTIVE"


def test_the_class_of_a_recoded_village_is_said_to_go_along(admin, waiting):
    approved(waiting.village, officer=waiting.county_officer, head=waiting.county_head)
    shown = text(admin.post(SHEET, sheet((waiting.village, "RECODE", "510703100201"))))
    assert "风险隐患村，随村转入" in shown


def test_confirming_writes_what_was_shown(admin, waiting):
    data = sheet((waiting.village, "MERGE:510703100201"), (waiting.second_village, "KEEP"))
    assert admin.post(SHEET, data).status_code == 200
    response = admin.post(SHEET, data | {"confirmed": "1"}, follow=True)
    assert "已决定 2 个村，青义镇没有待决定的村了" in text(response)
    assert fresh(waiting.village).successor == waiting.sibling_village
    assert fresh(waiting.second_village).missing_from is None


def test_going_back_keeps_what_was_filled_in(admin, waiting):
    data = sheet((waiting.village, "MERGE", "510703100201"), confirmed="1", back="1")
    shown = text(admin.post(SHEET, data))
    assert '<option value="MERGE" selected>' in shown
    assert 'value="510703100201"' in shown
    assert fresh(waiting.village).status == "ACTIVE"


@pytest.mark.parametrize(
    "typed", ["510703100201", "510703100201 丰谷镇 二社村", "二社村", "丰谷镇 二社", "esc", "ersheccun"]
)
def test_a_successor_is_meant_by_code_name_or_pinyin(admin, waiting, typed):
    response = admin.post(SHEET, sheet((waiting.village, "MERGE", typed), confirmed="1"))
    expected = typed != "ersheccun"
    assert (fresh(waiting.village).successor == waiting.sibling_village) is expected
    assert response.status_code == (302 if expected else 422)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "请填写去向的村：代码、村名或拼音。"),
        ("桃花村", "名册中没有“桃花村”。去向的村须已在名册中：请先导入有它的名册，再来决定。"),
        ("510704101201", "名册中没有“510704101201”"),
        ("村", "“村”不止一个"),
        ("510703103201", "不能并入本村自己"),
    ],
)
def test_a_successor_that_is_none_is_refused_with_what_to_do(admin, waiting, typed, problem):
    made("510703100202", "三社村", waiting.sibling_township)
    response = admin.post(SHEET, sheet((waiting.village, "MERGE", typed)))
    assert response.status_code == 422
    assert problem in text(response)
    assert "<title>错误：" in text(response)


def test_a_name_that_a_waiting_village_has_too_means_the_one_that_stands(admin, waiting):
    namesake = made("510703100202", "方水村", waiting.sibling_township)
    for typed in ("方水村", "fsc"):
        assert "丰谷镇 方水村" in text(admin.post(SHEET, sheet((waiting.village, "MERGE", typed))))
    admin.post(SHEET, sheet((waiting.village, "MERGE", "方水村"), confirmed="1"))
    assert fresh(waiting.village).successor == namesake


def test_work_that_is_not_done_is_shown_on_a_narrow_page_too(admin, waiting):
    make.assigned_items(waiting)
    shown = text(admin.get(SHEET))
    assert '<td class="sm" data-l="没有办完">未销号的整改 2 件' in shown


def test_a_village_typed_without_an_act_is_asked_about(admin, waiting):
    response = admin.post(SHEET, sheet((waiting.village, "", "二社村")))
    assert "请同时选“并入其他村”或“改用其他代码”" in text(response)


def test_an_order_without_document_is_refused_at_its_field(admin, waiting):
    response = admin.post(SHEET, sheet((waiting.village, "WITHDRAW"), order=ORDER | {"document": ""}))
    assert response.status_code == 422
    assert "须有批复才能办理" in text(response)


def test_a_busy_village_is_not_withdrawn(admin, waiting):
    make.assigned_items(waiting)
    response = admin.post(SHEET, sheet((waiting.village, "WITHDRAW")))
    assert response.status_code == 422
    assert "还有未销号的整改 2 件、未办结的巡察 1 次：请先办结，或改为并入接续工作的村。" in text(response)


def test_an_empty_sheet_is_refused(admin, waiting):
    response = admin.post(SHEET, sheet((waiting.village, "")))
    assert "还没有决定任何一个村" in text(response)


def test_whoever_was_slower_is_told_who_decided_and_nothing_is_written(admin, waiting, signed_in):
    mine = sheet((waiting.village, "WITHDRAW"), (waiting.second_village, "WITHDRAW"), confirmed="1")
    faster = Client()
    faster.force_login(waiting.county_head)
    faster.post(SHEET, sheet((waiting.village, "MERGE:510703100201"), confirmed="1"))
    response = admin.post(SHEET, mine)
    assert response.status_code == 409
    assert "已由县巡察办主任于" in text(response)
    assert fresh(waiting.second_village).status == "ACTIVE"


def test_pressing_twice_decides_once(admin, waiting):
    data = sheet((waiting.village, "WITHDRAW"), confirmed="1")
    assert admin.post(SHEET, data).status_code == 302
    assert admin.post(SHEET, data).status_code == 409
    assert RosterChange.objects.filter(village=waiting.village).count() == 1


def test_a_village_out_of_reach_on_the_sheet_is_refused(admin, waiting):
    assert admin.post(SHEET, sheet((waiting.other_village, "WITHDRAW"))).status_code == 404


def test_a_choice_that_nobody_offered_is_refused(admin, waiting):
    assert admin.post(SHEET, sheet((waiting.village, "DELETE"))).status_code == 422


# ---------------------------------------------------------------- whole township

TOWNSHIP = "/villages/adjustments/510703103000/township/"


def change(client, **data):
    page = client.get(TOWNSHIP)
    version = page.context["form"]["version"].value()
    return client.post(TOWNSHIP, ORDER | {"kind": "merge", "version": version} | data)


def test_a_township_goes_to_another_with_all_its_villages_and_their_open_work(admin, waiting):
    items = make.assigned_items(waiting)
    into = waiting.sibling_township.pk
    assert "青义镇的 2 个村全部转到丰谷镇" in text(change(admin, into=into))
    assert fresh(waiting.village).township == waiting.township
    response = change(admin, into=into, confirmed="1")
    assert response.status_code == 302
    assert {one.township for one in Village.objects.filter(county=waiting.county)} == {waiting.sibling_township}
    items[0].refresh_from_db()
    assert items[0].township == waiting.sibling_township
    assert {one.division.parent for one in Village.objects.filter(county=waiting.county)} == {waiting.sibling_township}
    rows = RosterChange.objects.filter(village=waiting.village)
    assert [(one.change, one.fields, one.document) for one in rows] == [
        ("CHANGED", {"township": ["青义镇", "丰谷镇"]}, "川民函〔2020〕8号")
    ]


def test_a_township_is_renamed(admin, waiting):
    assert "“青义镇”更名为“青龙镇”" in text(change(admin, kind="rename", name="青龙镇"))
    change(admin, kind="rename", name="青龙镇", confirmed="1")
    waiting.township.refresh_from_db()
    assert (waiting.township.name, waiting.township.initials) == ("青龙镇", "qlz")
    event = AuditEvent.objects.get(action="rename_township")
    assert event.changes == {"name": ["青义镇", "青龙镇"]}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"into": ""}, "请选择并入哪个乡镇"),
        ({"kind": "rename", "name": ""}, "请填写新名称"),
        ({"kind": "rename", "name": "丰谷镇"}, "本县已有“丰谷镇”"),
        ({"document": ""}, "须有批复才能办理"),
    ],
)
def test_a_township_change_that_lacks_something_is_refused(admin, waiting, data, problem):
    response = change(admin, **({"into": waiting.sibling_township.pk, "confirmed": "1"} | data))
    assert response.status_code == 422
    assert problem in text(response)


def test_a_township_whose_villages_changed_meanwhile_is_a_conflict(admin, waiting):
    version = admin.get(TOWNSHIP).context["form"]["version"].value()
    admin.post(SHEET, sheet((waiting.village, "WITHDRAW"), confirmed="1"))
    data = ORDER | {"kind": "merge", "version": version, "into": waiting.sibling_township.pk, "confirmed": "1"}
    assert admin.post(TOWNSHIP, data).status_code == 409


def test_a_county_cannot_send_a_township_elsewhere(admin, waiting):
    assert change(admin, into=waiting.other_township.pk, confirmed="1").status_code == 422


def test_the_city_can_unless_work_belongs_to_the_county(waiting, signed_in):
    client = signed_in(waiting.city_roster_admin)
    make.running_inspection(waiting)
    response = change(client, into=waiting.other_township.pk, confirmed="1")
    assert "还有未办结的巡察 1 次，不能带出本县" in text(response)


# ------------------------------------------------------------------- taking back


def test_a_village_is_restored_from_its_page(admin, waiting):
    admin.post(SHEET, sheet((waiting.village, "MERGE:510703100201"), confirmed="1"))
    url = reverse("villages:restore", args=["510703103201"])
    assert url in text(admin.get("/villages/510703103201/"))
    version = admin.get(url).context["form"]["version"].value()
    response = admin.post(url, {"reason": "选错了去向", "version": version}, follow=True)
    assert "已恢复建制" in text(response)
    assert fresh(waiting.village).status == "ACTIVE"
    assert admin.post(url, {"reason": "选错了去向", "version": version}).status_code == 409


def test_restoring_without_reason_is_refused(admin, waiting):
    admin.post(SHEET, sheet((waiting.village, "WITHDRAW"), confirmed="1"))
    url = reverse("villages:restore", args=["510703103201"])
    assert admin.post(url, {"version": fresh(waiting.village).version}).status_code == 422


def test_what_stands_is_not_restored(admin, waiting):
    assert admin.get(reverse("villages:restore", args=["510703103201"])).status_code == 302


def test_a_roster_that_was_not_whole_is_set_aside(admin, waiting):
    roster = fresh(waiting.village).missing_from
    url = reverse("villages:set_aside", args=[roster.pk])
    assert url in text(admin.get(LIST))
    assert "没有列出的 2 个村不再列为待决定" in text(admin.post(url))
    assert admin.post(url, {"confirmed": "1"}).status_code == 422
    response = admin.post(url, {"confirmed": "1", "reason": "只报了一个乡镇"}, follow=True)
    assert "2 个村不再列为待决定" in text(response)


# -------------------------------------------------------------- where else it shows


def test_the_page_of_a_waiting_village_says_so_to_the_office_and_leads_who_decides(admin, waiting, signed_in):
    assert "它的去向还没有决定" in text(admin.get("/villages/510703103201/"))
    assert "由县委巡察办的名册管理员决定" in text(signed_in(waiting.county_officer).get("/villages/510703103201/"))
    assert "它的去向还没有决定" not in text(signed_in(waiting.township_secretary).get("/villages/510703103201/"))


def test_both_pages_tell_document_day_and_each_other(admin, waiting):
    admin.post(SHEET, sheet((waiting.village, "MERGE:510703100201"), confirmed="1"))
    old, new = (text(admin.get(f"/villages/{code}/")) for code in ("510703103201", "510703100201"))
    for word in ("本村已于 2020年5月1日 并入", "川民函〔2020〕8号", "县名册管理员（建制调整）"):
        assert word in old
    assert "青义镇 龙门村并入本村" in new
    assert "2020年5月1日并入" in new


def test_a_recoded_village_says_that_it_goes_on(admin, waiting):
    admin.post(SHEET, sheet((waiting.village, "RECODE:510703100201"), confirmed="1"))
    assert "本村自 2020年5月1日 起改用新代码，现为" in text(admin.get("/villages/510703103201/"))
    assert "青义镇 龙门村（510703103201）改用本代码" in text(admin.get("/villages/510703100201/"))


def test_a_chain_leads_to_the_living_end(admin, waiting):
    data = sheet((waiting.village, "MERGE", "510703103202"), (waiting.second_village, "MERGE", "510703100201"))
    admin.post(SHEET, data | {"confirmed": "1"})
    shown = text(admin.get("/villages/510703103201/"))
    assert "方水村" in shown
    assert "后者现在是" in shown
    assert "二社村" in shown


@pytest.mark.parametrize(("name", "shown"), [("roster_admin", True), ("county_head", True), ("county_officer", False)])
def test_the_desk_of_who_decides_says_what_waits(waiting, signed_in, name, shown):
    page = text(signed_in(getattr(waiting, name)).get("/"))
    assert (LIST in page) is shown
