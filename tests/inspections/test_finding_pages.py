"""Recording and deciding findings on the page, and who finds which (C1, E1)."""

import re

import pytest
from django.urls import reverse

from inspections import services
from inspections.enums import FindingStatus, Stage
from inspections.models import Finding
from tests.factories import inspections as build

S = FindingStatus


@pytest.fixture
def inspection(world):
    return build.running_inspection(world)


def item(inspection):
    return inspection.checklist.items.order_by("code").first()


def new(inspection):
    return reverse("inspections:finding_new", args=[inspection.pk])


VALUES = {"title": "惠民补贴没有公示", "facts": "46 户没有公示。", "severity": "GENERAL"}


def test_page_first_offers_the_checklist(world, inspection, signed_in):
    page = signed_in(world.team_member).get(new(inspection)).content.decode()
    assert "惠民补贴发放不公开" in page
    assert "村集体资金账目不清" in page


def test_page_finds_an_item_without_javascript(world, inspection, signed_in):
    page = signed_in(world.team_member).get(new(inspection), {"q": "集体 资金"}).content.decode()
    assert "村集体资金账目不清" in page
    assert "惠民补贴发放不公开" not in page


def test_page_records_a_finding(world, inspection, signed_in):
    values = VALUES | {"item": item(inspection).pk, "second_inspector": world.team_leader.pk}
    response = signed_in(world.team_member).post(new(inspection), values)
    assert response.status_code == 302
    assert Finding.objects.get().second_inspector == world.team_leader


def test_a_form_sent_twice_is_one_finding(world, inspection, signed_in):
    client, url = signed_in(world.team_member), new(inspection)
    page = client.get(url, {"item": item(inspection).pk}).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    values = VALUES | {"item": item(inspection).pk, "key": key}
    assert [client.post(url, values).status_code for _tap in range(2)] == [302, 302]
    assert Finding.objects.count() == 1


def test_page_goes_on_with_the_next(world, inspection, signed_in):
    values = VALUES | {"item": item(inspection).pk, "then": "again"}
    assert signed_in(world.team_member).post(new(inspection), values).url == new(inspection)


def test_page_keeps_what_was_written_when_something_is_missing(world, inspection, signed_in):
    values = VALUES | {"item": item(inspection).pk, "title": ""}
    response = signed_in(world.team_member).post(new(inspection), values)
    assert response.status_code == 422
    assert "46 户没有公示。" in response.content.decode()


def test_page_before_entering_sends_back_with_the_reason(world, signed_in):
    inspection = build.arranged_inspection(world)
    page = signed_in(world.team_member).get(new(inspection), follow=True).content.decode()
    assert "进驻之后" in page


@pytest.mark.parametrize(
    ("name", "status"), [("county_officer", 403), ("other_county_officer", 403), ("sysadmin", 403)]
)
def test_page_is_for_the_team(world, inspection, signed_in, name, status):
    values = VALUES | {"item": item(inspection).pk}
    assert signed_in(getattr(world, name)).post(new(inspection), values).status_code == 403
    assert not Finding.objects.exists()


def test_page_edits_a_draft_and_its_item(world, inspection, signed_in):
    finding = build.draft_finding(world, inspection)
    other = inspection.checklist.items.get(code="B2-01")
    values = VALUES | {"item": other.pk, "version": finding.version, "second_inspector": world.spare_member.pk}
    url = reverse("inspections:finding_edit", args=[finding.pk])
    assert signed_in(world.team_member).post(url, values).status_code == 302
    finding.refresh_from_db()
    assert (finding.checklist_item, finding.title) == (other, VALUES["title"])


STEPS = [
    ("cosign", "draft", "team_leader"),
    ("review", "signed", "spare_member"),
    ("confirm", "reviewed", "team_leader"),
]


@pytest.mark.parametrize(("name", "state", "who"), STEPS)
def test_page_takes_each_step_once(world, inspection, signed_in, name, state, who):
    finding = getattr(build, f"{state}_finding")(world, inspection)
    url, client = reverse(f"inspections:finding_{name}", args=[finding.pk]), signed_in(getattr(world, who))
    answer = {"confirmed": "1", "version": finding.version}
    assert [client.post(url, answer).status_code for _press in range(2)] == [302, 409]
    assert Finding.objects.get().version == finding.version + 1


def test_page_merges_once(world, inspection, signed_in):
    kept, twin = build.draft_finding(world, inspection), build.draft_finding(world, inspection)
    url, client = reverse("inspections:finding_merge", args=[twin.pk]), signed_in(world.team_leader)
    assert kept.title in client.get(url).content.decode()
    answer = {"into": kept.pk, "version": twin.version}
    assert [client.post(url, answer).status_code for _press in range(2)] == [302, 409]
    page = client.get(kept.get_absolute_url()).content.decode()
    assert "并入的底稿" in page


@pytest.mark.parametrize(
    ("name", "status"), [("team_member", 403), ("county_officer", 403), ("other_county_officer", 403)]
)
def test_merge_page_is_for_leader_and_deputy(world, inspection, signed_in, name, status):
    kept, twin = build.draft_finding(world, inspection), build.draft_finding(world, inspection)
    url = reverse("inspections:finding_merge", args=[twin.pk])
    answer = {"into": kept.pk, "version": twin.version}
    assert signed_in(getattr(world, name)).post(url, answer).status_code == status
    assert not Finding.objects.filter(status=S.MERGED).exists()


def test_merge_page_offers_nothing_of_another_inspection(world, inspection, signed_in):
    twin = build.draft_finding(world, inspection)
    answer = {"into": 987654321, "version": twin.version}
    client = signed_in(world.team_leader)
    assert client.post(reverse("inspections:finding_merge", args=[twin.pk]), answer).status_code == 422


def test_page_confirms_after_asking(world, inspection, signed_in):
    finding = build.reviewed_finding(world, inspection)
    url, client = reverse("inspections:finding_confirm", args=[finding.pk]), signed_in(world.team_leader)
    client.post(url)
    assert Finding.objects.get().status == S.REVIEWED
    client.post(url, {"confirmed": "1", "version": finding.version})
    assert Finding.objects.get().status == S.CONFIRMED


def test_page_tells_the_author_why_not(world, inspection, signed_in):
    finding = services.record_finding(
        inspection=inspection,
        actor=world.spare_member,
        checklist_item=item(inspection),
        title="x",
        facts="y",
        second_inspector=world.team_member,
    )
    finding = services.cosign_finding(finding=finding, actor=world.team_member)
    page = signed_in(world.spare_member).get(finding.get_absolute_url()).content.decode()
    assert "须由另一位组长、副组长审核" in page


@pytest.mark.parametrize(
    "name", ["finding_cosign", "finding_review", "finding_confirm", "finding_reject", "finding_reopen"]
)
def test_decisions_are_posts_only(world, inspection, signed_in, name):
    finding = build.draft_finding(world, inspection)
    assert signed_in(world.spare_member).get(reverse(f"inspections:{name}", args=[finding.pk])).status_code == 405


def test_township_reads_a_finding_without_names_of_inspectors(world, signed_in):
    feedback = build.issued_feedback(world)
    finding = Finding.objects.get(inspection=feedback.inspection)
    page = signed_in(world.township_secretary).get(finding.get_absolute_url()).content.decode()
    assert finding.facts in page
    assert world.team_member.full_name not in page
    assert finding.inspection.get_absolute_url() not in page.replace(feedback.get_absolute_url(), "")


def test_township_does_not_find_a_draft(world, inspection, signed_in):
    finding = build.draft_finding(world, inspection)
    client = signed_in(world.township_secretary)
    assert client.get(finding.get_absolute_url()).status_code == 404
    assert finding.title not in client.get(reverse("inspections:findings")).content.decode()


def test_inspection_of_another_county_is_not_found(world, inspection, signed_in):
    assert signed_in(world.other_county_officer).get(inspection.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "补贴"}, True),
        ({"q": "lmc"}, True),
        ({"q": "没有这回事"}, False),
        ({"t": "confirmed"}, False),
        ({"t": "draft"}, True),
        ({"kind": "party"}, False),
        ({"severity": "GENERAL", "aspect": "B"}, True),
        ({"township": "x"}, True),
    ],
)
def test_list_filters(world, inspection, signed_in, query, found):
    finding = build.draft_finding(world, inspection)
    page = signed_in(world.team_leader).get(reverse("inspections:findings"), query).content.decode()
    assert (finding.title in page) is found


def test_cancelled_is_not_running(world, inspection):
    cancelled = services.cancel_inspection(inspection=inspection, actor=world.county_officer, note="换届")
    assert cancelled.status == Stage.CANCELLED
