"""The ledger page, the item page, tasks, batches, handover, settings and export in the browser's words."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection

from common.calendar import today
from common.models import AuditEvent, Message
from inspections.models import Feedback, Finding, Inspection
from rectification import services
from rectification.models import CountySetting, DeadlineSetting, RectificationItem
from tests.factories import rectification as make
from villages.services import scope_of

ALL = ["county_officer", "township_secretary", "village_secretary", "supervisor", "city_officer"]


def text_of(response):
    return response.content.decode()


def test_an_item_knows_the_address_of_its_page(world, signed_in):
    item = make.assigned_items(world)[0]
    assert item.number in text_of(signed_in(world.county_officer).get(item.get_absolute_url()))


def test_the_timeline_tells_the_whole_story(world, signed_in):
    item = make.closed_item(world)
    page = text_of(signed_in(world.county_officer).get(f"/rectification/{item.pk}/"))
    for word in ("交办", "签收", "报整改进展", "提交验收", "监督核查：符合要求", "验收销号", "整改后公开栏.jpg"):
        assert word in page


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("page", ["/rectification/", "/rectification/tasks/"])
def test_lists_open_for_everybody_who_sees_items(world, signed_in, name, page):
    item = make.assigned_items(world)[0]
    response = signed_in(getattr(world, name)).get(page)
    assert response.status_code == 200
    assert item.finding.title in text_of(response)


@pytest.mark.parametrize("name", ["sysadmin", "auditor", "department_officer"])
def test_lists_are_closed_for_others(world, signed_in, name):
    assert signed_in(getattr(world, name)).get("/rectification/").status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "tab=nothing",
        "sort=drop",
        "township=x",
        "county=9",
        "status=NEW",
        "light=blue",
        "due_from=2020-99-99",
        "point=ZZ",
        "village=99999999999999999999",
        "inspection=-1",
        "after=zzz",
        "due_from=2026-02-01&due_to=2026-01-01",
    ],
)
def test_a_query_that_makes_no_sense_breaks_nothing(world, signed_in, assigned, query):
    response = signed_in(world.county_officer).get(f"/rectification/?{query}")
    assert response.status_code in (200, 422)


def test_a_foreign_township_in_the_filter_is_no_choice(world, signed_in, assigned):
    response = signed_in(world.county_officer).get(f"/rectification/?township={world.other_township.pk}")
    assert response.status_code == 422


def test_an_empty_result_offers_to_clear_the_filter(world, signed_in, assigned):
    assert "清空查询条件" in text_of(signed_in(world.county_officer).get("/rectification/?q=没有这个村"))


def test_neighbours_are_offered_when_one_comes_from_the_ledger(world, signed_in):
    first, second = make.assigned_items(world)
    client = signed_in(world.county_officer)
    assert f"/rectification/{first.pk}/?tab=all" in text_of(client.get(f"/rectification/{second.pk}/?tab=all"))
    assert "下一条" not in text_of(client.get(f"/rectification/{second.pk}/"))


# ------------------------------------------------------------------ batches


def four():
    return {f"{kind}_{part}": value for kind, one in make.people().items() for part, value in one.items()}


def plans(items):
    return {
        key: value
        for one in items
        for key, value in {
            f"m{one.pk}-lines": "补公示七天\n修订制度",
            f"m{one.pk}-owner": "村党组织书记",
            f"m{one.pk}-due_on": str(one.deadline),
        }.items()
    }


def test_a_batch_is_shown_before_it_is_accepted(world, signed_in):
    items = make.assigned_items(world, findings=3)
    client, url = signed_in(world.township_secretary), "/rectification/batch/accept/"
    page = client.post(url, {"ids": [one.pk for one in items]})
    assert page.status_code == 200
    assert not RectificationItem.objects.exclude(status="ASSIGNED").exists()
    data = {"ids": [one.pk for one in items], "confirmed": "1"} | four() | plans(items)
    assert client.post(url, data).status_code == 302
    assert set(RectificationItem.objects.values_list("status", flat=True)) == {"IN_PROGRESS"}
    assert items[0].measures.count() == 2


def test_items_that_have_measures_keep_them_in_a_batch(world, signed_in):
    first, second = make.assigned_items(world)
    services.set_measures(item=first, actor=world.township_secretary, measures=make.measures(first))
    data = {"ids": [first.pk, second.pk], "confirmed": "1"} | four() | plans([second])
    signed_in(world.township_secretary).post("/rectification/batch/accept/", data)
    assert first.measures.first().text == "把补贴名单在公开栏补公示七天"


def test_an_incomplete_batch_is_refused_as_a_whole(world, signed_in):
    items = make.assigned_items(world)
    data = {"ids": [one.pk for one in items], "confirmed": "1"} | four() | plans(items[:1])
    response = signed_in(world.township_secretary).post("/rectification/batch/accept/", data)
    assert response.status_code == 422
    assert not RectificationItem.objects.exclude(status="ASSIGNED").exists()


@pytest.mark.parametrize("page", ["accept", "urge"])
@pytest.mark.parametrize("wrong", ["foreign", "missing", "text"])
def test_one_wrong_id_refuses_the_whole_batch(world, signed_in, page, wrong):
    item = make.assigned_items(world, findings=1)[0]
    name = {"accept": "sibling_township_secretary", "urge": "other_county_officer"}[page]
    if wrong != "foreign":
        name = {"accept": "township_secretary", "urge": "county_officer"}[page]
    ids = [item.pk] + {"foreign": [], "missing": [999999], "text": ["1 OR 1=1"]}[wrong]
    data = {"ids": ids, "confirmed": "1", "text": "抓紧"} | four() | plans([item])
    assert signed_in(getattr(world, name)).post(f"/rectification/batch/{page}/", data).status_code == 404
    assert RectificationItem.objects.get().status == "ASSIGNED"
    assert not Message.objects.filter(kind="URGE").exists()


@pytest.mark.parametrize("page", ["accept", "urge"])
def test_batches_are_no_business_of_others(world, signed_in, assigned, page):
    client = signed_in(world.village_secretary)
    assert client.post(f"/rectification/batch/{page}/", {"ids": [assigned.pk]}).status_code == 403
    assert client.get(f"/rectification/batch/{page}/").status_code in (403, 405)


def test_urging_writes_once_an_item_and_day(world, signed_in):
    items = make.assigned_items(world)
    data = {"ids": [one.pk for one in items], "confirmed": "1", "text": "请抓紧。"}
    client, url = signed_in(world.county_officer), "/rectification/batch/urge/"
    asked = client.post(url, {"ids": data["ids"]})
    assert "催办 2 件" in text_of(asked)
    for _ in range(2):
        assert client.post(url, data).status_code == 302
    told = Message.objects.filter(kind="URGE")
    assert told.count() == 6  # two items; the secretary and the officer of the township, the secretary of the village
    assert not any(make.TITLES[0] in one.title + one.body for one in told)
    assert AuditEvent.objects.filter(action="urge").count() == 4


# ------------------------------------------------------------------ handover


@pytest.fixture
def draft(world):
    return make.drafted_feedback(world)


def test_the_check_page_shows_issues_deadlines_and_receivers(world, signed_in, draft):
    page = text_of(signed_in(world.county_head).get(f"/rectification/feedback/{draft.pk}/hand-over/"))
    for word in (*make.TITLES[:2], draft.opinion[:10], "镇党委书记", "村书记", "涪巡办反馈〔"):
        assert word in page


def test_issuing_makes_the_items_once(world, signed_in, draft):
    client, url = signed_in(world.county_head), f"/rectification/feedback/{draft.pk}/hand-over/"
    data = {"version": draft.version, "document_number": "涪巡办反馈〔2026〕1号"}
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 409]
    assert RectificationItem.objects.count() == 2
    draft.refresh_from_db()
    assert draft.document_number == "涪巡办反馈〔2026〕1号"


def numbered(world, draft, number):
    """Another village's feedback of the county has this number."""
    twin = Inspection.objects.get(pk=draft.inspection_id)
    twin.pk, twin.number, twin.status, twin.village = None, "FC-0-1-002", "BEFORE", world.second_village
    twin.save()
    place = scope_of(world.second_village)
    Feedback.objects.create(inspection=twin, document_number=number, drafted_by=world.county_officer, **place)


def test_a_number_in_use_is_refused(world, signed_in, draft):
    numbered(world, draft, "涪委巡办〔2020〕7号")
    data = {"version": draft.version, "document_number": " 涪委巡办〔2020〕7号"}
    page = signed_in(world.county_head).post(f"/rectification/feedback/{draft.pk}/hand-over/", data)
    assert page.status_code == 422
    assert "已用于" in text_of(page)
    assert not RectificationItem.objects.exists()


@pytest.mark.parametrize(
    ("used", "proposed"),
    [
        ("涪委巡办〔{}〕7号", "涪委巡办〔{}〕8号"),
        ("涪巡反[{}]12", "涪巡反[{}]13"),
        ("第三号", "涪巡办反馈〔{}〕1号"),
        ("", "涪巡办反馈〔{}〕1号"),
    ],
)
def test_the_number_goes_on_in_the_countys_own_series(world, signed_in, draft, used, proposed):
    numbered(world, draft, used.format(today().year))
    page = signed_in(world.county_head).get(f"/rectification/feedback/{draft.pk}/hand-over/")
    assert f'value="{proposed.format(today().year)}"' in page.content.decode()


def test_a_draft_that_was_edited_meanwhile_is_not_issued(world, signed_in, draft):
    url = f"/rectification/feedback/{draft.pk}/hand-over/"
    data = {"version": draft.version + 1, "document_number": "1号"}
    assert signed_in(world.county_head).post(url, data).status_code == 409
    assert not RectificationItem.objects.exists()


@pytest.mark.parametrize(
    ("name", "code"), [("county_officer", 403), ("township_secretary", 403), ("other_county_head", 404)]
)
def test_others_issue_nothing(world, signed_in, draft, name, code):
    client, url = signed_in(getattr(world, name)), f"/rectification/feedback/{draft.pk}/hand-over/"
    data = {"version": draft.version, "document_number": "1号"}
    assert [client.get(url).status_code, client.post(url, data).status_code] == [code, code]
    assert not RectificationItem.objects.exists()


# ------------------------------------------------------------------ settings


def settings_form(**changes):
    kinds = {"IMMEDIATE": (10, "DAY"), "PLAN": (15, "WORKING_DAY"), "ORDINARY": (3, "MONTH")}
    kinds |= {"LONG_TERM_REVIEW": (90, "DAY")}
    data = {"amber_days": "10", "effective_from": str(today())}
    for kind, (amount, unit) in kinds.items():
        data |= {f"{kind}_amount": amount, f"{kind}_unit": unit}
    return data | changes


def test_the_head_sets_the_countys_deadlines(world, signed_in, reference_data):
    assert signed_in(world.county_head).post("/rectification/settings/", settings_form()).status_code == 302
    assert CountySetting.objects.get().amber_days == 10
    own = DeadlineSetting.objects.filter(county=world.county)
    assert {one.kind: one.amount for one in own} == {"IMMEDIATE": 10, "ORDINARY": 3}
    assert services.deadline_for(county=world.county, kind="IMMEDIATE", start=today()) == today() + timedelta(days=10)
    assert services.deadline_for(county=world.other_county, kind="IMMEDIATE", start=today()) == today() + timedelta(
        days=15
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"amber_days": "0"},
        {"effective_from": "2020-01-01"},
        {"ORDINARY_amount": "0"},
        {"ORDINARY_amount": "999"},
        {"PLAN_unit": "YEAR"},
    ],
)
def test_settings_that_make_no_sense_are_refused(world, signed_in, reference_data, changes):
    response = signed_in(world.county_head).post("/rectification/settings/", settings_form(**changes))
    assert response.status_code == 422
    assert not DeadlineSetting.objects.exclude(county=None).exists()


@pytest.mark.parametrize(("name", "codes"), [("county_officer", [200, 403]), ("township_secretary", [403, 403])])
def test_others_set_nothing(world, signed_in, reference_data, name, codes):
    client, url = signed_in(getattr(world, name)), "/rectification/settings/"
    assert [client.get(url).status_code, client.post(url, settings_form()).status_code] == codes
    assert not CountySetting.objects.exists()


# ------------------------------------------------------------------ export


def workbook(response):
    return openpyxl.load_workbook(io.BytesIO(response.content)).active


def test_the_workbook_holds_what_the_page_shows(world, signed_in):
    make.assigned_items(world, findings=3)
    sheet = workbook(signed_in(world.county_officer).get("/rectification/export/?immediate=yes"))
    rows = [row[1].value for row in sheet.iter_rows(min_row=4)]
    assert rows == list(RectificationItem.objects.filter(is_immediate=True).values_list("number", flat=True))


def test_the_workbook_is_laid_out_to_print(world, signed_in, assigned):
    sheet = workbook(signed_in(world.county_officer).get("/rectification/export/"))
    assert sheet["A1"].value == "巡察整改台账"
    assert "A1:P1" in {str(one) for one in sheet.merged_cells.ranges}
    assert (sheet.freeze_panes, sheet.page_setup.orientation, sheet.print_title_rows) == ("C4", "landscape", "$1:$3")
    assert "涪城区" in sheet["A2"].value


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
def test_a_text_that_looks_like_a_formula_stays_a_text(world, signed_in, as_owner, assigned, sign):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        Finding.objects.filter(pk=assigned.finding_id).update(title=f"{sign}cmd|' /C calc'!A0")
        cursor.execute("SET session_replication_role = DEFAULT")
    sheet = workbook(signed_in(world.county_officer).get("/rectification/export/"))
    cells = [row[5] for row in sheet.iter_rows(min_row=4) if "calc" in str(row[5].value)]
    assert [(one.data_type, one.quotePrefix) for one in cells] == [("s", True)]


def test_an_export_is_on_record(world, signed_in, assigned):
    signed_in(world.county_officer).get("/rectification/export/?tab=assigned")
    event = AuditEvent.objects.get(action="export")
    assert event.actor == world.county_officer
    assert "2 条" in event.note


@pytest.mark.parametrize("name", ["village_secretary", "team_member", "org_officer", "sysadmin"])
def test_others_export_nothing(world, signed_in, assigned, name):
    assert signed_in(getattr(world, name)).get("/rectification/export/").status_code == 403


def test_a_township_exports_its_own_only(world, signed_in, assigned):
    sheet = workbook(signed_in(world.sibling_township_secretary).get("/rectification/export/"))
    assert sheet.max_row == 3
