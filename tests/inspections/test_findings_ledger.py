"""问题底稿台账: exactly what the list shows, laid out to print, on record, and nobody who spoke in it (H3, D7)."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from common.models import AuditEvent
from inspections.enums import FindingStatus
from tests.factories import inspections as build
from tests.factories.story_parts import SOURCE
from tests.mianyang_xuncha.canary import holds

URL = "/inspections/findings/export/"


@pytest.fixture
def inspection(world):
    inspection = build.running_inspection(world)
    build.conversation(world, inspection, **SOURCE)
    build.confirmed_finding(world, inspection, title="=1+1 账目不清", amount=Decimal("24000.50"), people_affected=46)
    build.draft_finding(world, inspection, title="还是底稿", is_immediate=True, post_concerned="BOOKKEEPER")
    return inspection


def sheet(response):
    assert response.status_code == 200
    return load_workbook(BytesIO(response.content)).active


def titles(page):
    head = [cell.value for cell in page[3]]
    return [row[head.index("问题")] for row in page.iter_rows(min_row=4, values_only=True)]


def test_it_holds_what_the_list_holds(world, inspection, signed_in):
    client = signed_in(world.county_officer)
    assert titles(sheet(client.get(URL))) == ["=1+1 账目不清", "还是底稿"]
    for query in ({"t": "draft"}, {"kind": "immediate"}, {"q": "底稿"}, {"post": "BOOKKEEPER"}):
        assert titles(sheet(client.get(URL, query))) == ["还是底稿"]
    assert titles(sheet(client.get(URL, {"inspection": inspection.pk, "round": inspection.round_id}))) != []
    assert titles(sheet(client.get(URL, {"inspection": inspection.pk + 1}))) == []
    assert titles(sheet(client.get(URL, {"item": "B1-01", "point": "B1", "year": inspection.round.plan.year}))) != []


def test_it_is_laid_out_to_print(world, inspection, signed_in):
    page = sheet(signed_in(world.county_officer).get(URL, {"inspection": inspection.pk}))
    assert page["A1"].value == "青义镇龙门村巡察问题底稿台账"
    assert "共 2 条，涉及金额 2.40 万元" in page["A2"].value
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToWidth) == ("landscape", 9, 1)
    assert (page.print_title_rows, page.freeze_panes) == ("$1:$3", "C4")
    assert page.print_area.endswith("$N$5")


def test_numbers_are_numbers_and_no_text_becomes_a_formula(world, inspection, signed_in):
    page = sheet(signed_in(world.county_officer).get(URL))
    head = [cell.value for cell in page[3]]
    row = dict(zip(head, page[4], strict=True))
    assert (row["金额（万元）"].value, row["金额（万元）"].number_format) == (2.40005, "#,##0.00##")
    assert row["群众（人）"].value == 46
    assert (row["问题"].data_type, row["问题"].quotePrefix) == ("s", True)


def test_neither_sources_nor_inspectors_are_in_it(world, inspection, signed_in):
    for who in ("county_officer", "team_leader", "leading_group"):
        response = signed_in(getattr(world, who)).get(URL)
        text = str([[cell.value for cell in row] for row in sheet(response).iter_rows()])
        assert not holds(response.content)
        assert not any(world.people[name].full_name in text for name in ("team_member", "spare_member", "team_leader"))


def test_it_is_on_record_with_what_was_asked(world, inspection, signed_in):
    signed_in(world.county_officer).get(URL, {"t": "draft", "severity": "GENERAL"})
    event = AuditEvent.objects.get(action="export")
    assert (event.object_type, event.actor) == ("inspections.Finding", world.county_officer)
    assert event.changes == {"tab": "draft", "severity": "GENERAL"}


@pytest.mark.parametrize(
    "name",
    ["team_member", "city_officer", "roster_admin", "township_secretary", "village_secretary", "county_discipline"],
)
def test_others_export_nothing(world, inspection, signed_in, name):
    assert signed_in(getattr(world, name)).get(URL).status_code == 403
    assert "导出台账" not in signed_in(getattr(world, name)).get(reverse("inspections:findings")).content.decode()


def test_another_county_exports_none_of_it(world, inspection, signed_in):
    page = sheet(signed_in(world.other_county_officer).get(URL, {"inspection": inspection.pk}))
    assert titles(page) == []
    assert "龙门村" not in page["A1"].value


def test_the_list_links_to_it_with_its_filters(world, inspection, signed_in):
    page = signed_in(world.county_officer).get(reverse("inspections:findings"), {"t": "draft"}).content.decode()
    assert f'href="{URL}?t=draft"' in page
    assert str(FindingStatus.DRAFT.label) in page
