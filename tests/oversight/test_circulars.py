"""情况通报 and 专题报告: two persons; issued they stay; signed for once; nobody named (figures: the file beside)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from common.calendar import today
from common.errors import Conflict
from common.models import AuditEvent, Delivery, Message
from oversight import services
from oversight.models import Circular, CircularReceipt
from oversight.selectors import circulars as read
from rectification.services import sign_read
from tests.factories import oversight as make
from tests.factories import rectification as mend
from tests.factories.story import OTHER, OWN
from tests.mianyang_xuncha.canary import holds


def through(story, call):
    """Names of the cast for whom the call was not refused; what it wrote is taken back."""
    passed = set()
    for name, user in story.world.people.items():
        try:
            with transaction.atomic():
                call(user)
                transaction.set_rollback(True)
        except PermissionDenied:
            continue
        passed.add(name)
    return passed


def test_a_period_that_is_not_over_and_nothing_found_are_refused(story):
    with pytest.raises(ValidationError, match="晚于今天"):
        make.circular(story.world, last_day=today() + timedelta(days=1))
    with pytest.raises(ValidationError, match="换一个专题"):
        make.report(story.world, "item:Z9-99")
    other = story.places[OTHER].world.department_officer.organ
    with pytest.raises(ValidationError, match="本县的职能部门"):
        services.draft_circular(
            kind="REPORT",
            first_day=today(),
            last_day=today(),
            department=other,
            subject="item:B1-01",
            actor=story.world.county_officer,
        )


def test_who_drafts(story):
    given = {"kind": "CIRCULAR", "first_day": today(), "last_day": today()}
    passed = through(story, lambda user: services.draft_circular(actor=user, **given))
    offices = {"city_officer", "city_head", "county_officer", "county_head", "other_county_officer"}
    assert passed & set(story.world.people) == offices | ({"other_county_head"} & set(story.world.people))
    with pytest.raises(PermissionDenied, match="县级"):
        services.draft_circular(**given | {"kind": "REPORT"}, actor=story.world.city_officer)


def test_whoever_drafts_does_not_issue(story):
    own = make.circular(story.world, story.world.county_head)
    with pytest.raises(PermissionDenied, match="另一位负责人"):
        make.issued(story.world, own)
    with pytest.raises(DatabaseError), transaction.atomic():
        Circular.objects.filter(pk=own.pk).update(status="ISSUED", serial=9, issued_by=story.world.county_officer)


def test_only_the_head_of_the_place_issues(story):
    draft = make.circular(story.world)
    passed = through(story, lambda user: make.issued(story.world, draft, actor=user))
    assert passed == {"county_head"}


def test_a_gap_and_what_nobody_cleared_are_not_issued(story):
    draft = services.draft_circular(
        kind="CIRCULAR", first_day=today(), last_day=today(), actor=story.world.county_officer
    )
    with pytest.raises(ValidationError, match="没有填写"):
        make.issued(story.world, draft)
    with pytest.raises(ValidationError, match="逐条核对"):
        make.issued(story.world, make.circular(story.world), cleared=False)


def test_names_and_numbers_of_people_are_not_issued(story):
    secretary = story.world.village_secretary.full_name
    for said, told in ((f"由{secretary}负责。", secretary), ("电话13912345678。", "13912345678")):
        draft = make.circular(story.world)
        words = {"title": draft.title, "to": draft.to, "issuer": draft.issuer}
        texts = [*[one["text"] for one in draft.sections[:-1]], said]
        draft = services.edit_circular(circular=draft, actor=story.world.county_officer, texts=texts, **words)
        with pytest.raises(ValidationError, match=told):
            make.issued(story.world, draft)


def test_figures_and_text_stay_as_they_were_issued(late_story):
    world = late_story.world
    issued = make.issued(world, make.circular(world))
    before = str(read.tables(issued))
    mend.dated(world, late_story.places[OWN].items["assigned"], deadline=today() + timedelta(days=50))
    assert str(read.tables(Circular.objects.get(pk=issued.pk))) == before
    for change in ({"figures": {}}, {"sections": []}, {"examples": [{"text": "x"}]}, {"title": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Circular.objects.filter(pk=issued.pk).update(**change)
    with pytest.raises(Conflict):
        services.renew_circular(circular=issued, actor=world.county_officer)


def test_a_draft_is_made_anew_with_its_examples(late_story):
    world, place = late_story.world, late_story.places[OWN]
    draft = make.circular(world)
    draft = services.set_example(
        circular=draft, finding=place.finding, text="某镇某村公开不及时。", actor=world.county_officer
    )
    mend.dated(world, place.items["assigned"], deadline=today() + timedelta(days=50))
    again = services.renew_circular(circular=draft, actor=world.county_officer)
    late = [sum(row["overdue"] for row in one.figures["rows"]) for one in (draft, again)]
    assert late[0] - late[1] == 1
    assert again.examples == draft.examples != []
    assert any("某镇某村公开不及时" in text for _heading, text in again.headed_sections)


def test_an_example_tells_of_nobody(story):
    world, place = story.world, story.places[OWN]
    draft = make.circular(world)
    village = place.village.division.short_name
    for said in (f"{village}没有公开", "据群众举报没有公开", f"{world.village_secretary.full_name}没有公开", "1" * 18):
        with pytest.raises(ValidationError, match="不能有"):
            services.set_example(circular=draft, finding=place.finding, text=said, actor=world.county_officer)
    first = read.example_text(draft, place.finding)
    assert place.finding.title not in first
    assert place.mark not in first
    kept = services.set_example(circular=draft, finding=place.finding, text=first, actor=world.county_officer)
    assert kept.examples == [{"finding": place.finding.pk, "text": first}]
    assert (
        services.set_example(circular=kept, finding=place.finding, text="", actor=world.county_officer).examples == []
    )


def test_only_what_was_fed_back_here_and_hangs_on_no_case_may_be_an_example(story):
    world, place = story.world, story.places[OWN]
    draft = make.circular(world)
    offered = set(read.candidates(world.county_officer, draft))
    assert place.finding in offered
    assert {one.status for one in offered} == {"FED_BACK"}
    assert {one.county_id for one in offered} == {world.county.pk}
    mend.case_result(world, finding=place.finding)
    assert place.finding not in read.candidates(world.county_officer, draft)
    for one in (place.finding, place.draft, place.confirmed, story.places[OTHER].finding):
        with pytest.raises(PermissionDenied, match="不能作典型问题"):
            services.set_example(circular=draft, finding=one, text="某村公开不及时。", actor=world.county_officer)


def test_it_goes_to_the_chosen_units_and_no_further(story):
    world = story.world
    kinds = ["PARTY_COMMITTEE", "VILLAGE_PARTY", "FUNCTIONAL_DEPARTMENT", "LEADING_GROUP"]
    issued = make.issued(world, make.circular(world), kinds=kinds)
    reached = set(issued.receipts.values_list("organ__kind", flat=True))
    assert reached == {"PARTY_COMMITTEE", "VILLAGE_PARTY", "FUNCTIONAL_DEPARTMENT"}
    assert not issued.receipts.exclude(organ__division__in=[world.county, world.township]).exclude(
        organ__division__parent=world.township
    )
    assert issued.number == f"涪巡通报〔{today().year}〕{issued.serial}号"
    with pytest.raises(PermissionDenied, match="所辖"):
        make.issued(world, make.circular(world), places=[world.other_township])
    with pytest.raises(ValidationError, match="请选择发到"):
        make.issued(world, make.circular(world), kinds=["INSPECTION_OFFICE"])


def test_a_unit_signs_once_and_it_stays(story):
    world = story.world
    receipt = make.issued(world, make.circular(world)).receipts.get()
    sign_read(receipt=receipt, actor=world.township_officer)
    sign_read(receipt=receipt, actor=world.township_secretary)
    receipt.refresh_from_db()
    assert receipt.read_by == world.township_officer
    for change in ({"read_at": None, "read_by": None}, {"organ": world.village_secretary.organ}):
        with pytest.raises(DatabaseError), transaction.atomic():
            CircularReceipt.objects.filter(pk=receipt.pk).update(**change)


def test_nobody_signs_for_another_unit(story):
    receipt = make.issued(story.world, make.circular(story.world)).receipts.get()
    passed = through(story, lambda user: sign_read(receipt=receipt, actor=user))
    assert {story.world.people[name].organ for name in passed} == {receipt.organ}


def test_who_has_not_read_is_reminded_through_the_outbox_once_a_day(story):
    world = story.world
    issued = make.issued(world, make.circular(world), places=[world.township, world.sibling_township])
    sign_read(receipt=issued.receipts.get(organ=world.township_secretary.organ), actor=world.township_secretary)
    for _twice in range(2):
        assert services.urge_readers(circular=issued, actor=world.county_officer) == 1
    sent = Message.objects.filter(key=f"circular:{issued.pk}:urge:{today():%F}")
    assert set(sent.values_list("recipient__organ__division", flat=True)) == {world.sibling_township.pk}
    assert Delivery.objects.filter(message__in=sent).count() == sent.count() > 0
    assert AuditEvent.objects.filter(action="urge", object_type="oversight.Circular").count() == 2


def test_after_three_days_the_clock_reminds_once(story):
    world = story.world
    issued = make.issued(world, make.circular(world))
    assert services.remind_readers(on=today() + timedelta(days=2)) == 0
    first = services.remind_readers(on=today() + timedelta(days=3))
    assert first >= Message.objects.filter(key=f"circular:{issued.pk}:late").count() > 0
    assert services.remind_readers(on=today() + timedelta(days=4)) == 0
    other = make.issued(world, make.circular(world))
    sign_read(receipt=other.receipts.get(), actor=world.township_secretary)
    assert services.remind_readers(on=today() + timedelta(days=5)) == 0


def test_neither_text_nor_paper_holds_a_source(story):
    world = story.world
    draft = make.report(world, "theme:" + story.places[OWN].finding.checklist_item.theme)
    for one in list(read.candidates(world.county_officer, draft))[:5]:
        text = read.example_text(draft, one)
        draft = services.set_example(circular=draft, finding=one, text=text, actor=world.county_officer)
    name, content = services.circular_file(circular=make.issued(world, draft), actor=world.county_officer)
    assert name.endswith(".docx")
    assert not holds(content)
    assert not any(holds(one) for one in map(str, Circular.objects.values_list("sections", "figures", "examples")))
    assert AuditEvent.objects.filter(action="download", object_type="oversight.Circular").exists()
