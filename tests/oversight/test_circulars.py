"""情况通报 and 专题报告: every figure is recounted by SQL of its own; two persons; signed for once; nobody named."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from common.calendar import today
from common.errors import Conflict
from common.models import AuditEvent, Delivery, Message
from inspections.models import Inspection
from oversight import services
from oversight.models import Circular, CircularReceipt
from oversight.selectors import circulars as read
from oversight.selectors.circulars.words import ahead_and_behind, months, period, ranked
from oversight.selectors.periods import Row
from rectification.services import sign_read
from tests.factories import inspections as build
from tests.factories import oversight as make
from tests.factories import rectification as mend
from tests.factories.story import OTHER, OWN, SIBLING
from tests.mianyang_xuncha.canary import holds

LATE = ((OWN, "assigned", 3), (OWN, "in_progress", 20), (SIBLING, "assigned", 7), (OTHER, "party", 91))


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


@pytest.fixture
def late_story(story):
    """Some items late, the own village's inspection closed, so that no figure is nought by chance."""
    for place, key, days in LATE:
        item = story.places[place].items[key]
        mend.dated(story.places[place].world, item, deadline=today() - timedelta(days=days))
    own = story.places[OWN]
    build.close(own.world, Inspection.objects.get(pk=own.inspection.pk))
    return story


def recounted(place_column, where, first, last, *values):
    """The columns of a circular by place, counted row by row in Python from bare SQL."""
    found = {}

    def row(place):
        keys = ("villages", "covered", "newly", "total", "closed", "assigned", "closed_in", "due", "on_time", "overdue")
        return found.setdefault(place, dict.fromkeys(keys, 0))

    closings = dict(
        sql("SELECT village_id, min(closed_on) FROM inspections_inspection WHERE status = 'CLOSED' GROUP BY 1")
    )
    for place, village in sql(
        f"SELECT {place_column}, division_id FROM villages_village WHERE status = 'ACTIVE' AND {where}", *values
    ):
        day = closings.get(village)
        row(place)["villages"] += 1
        row(place)["covered"] += day is not None and day <= last
        row(place)["newly"] += day is not None and first <= day <= last
    for place, status, assigned, deadline, closed in sql(
        f"SELECT {place_column}, status, assigned_on, deadline, (closed_at AT TIME ZONE 'Asia/Shanghai')::date"
        f" FROM rectification_rectificationitem WHERE assigned_on <= %s AND {where}",
        last,
        *values,
    ):
        is_closed = status == "CLOSED" and closed <= last
        one = row(place)
        one["total"] += 1
        one["closed"] += is_closed
        one["assigned"] += assigned >= first
        one["closed_in"] += is_closed and closed >= first
        due = deadline is not None and first <= deadline <= last and (status == "CLOSED" or deadline < today())
        one["due"] += due
        one["on_time"] += due and status == "CLOSED" and closed <= deadline
        one["overdue"] += deadline is not None and deadline < last and not is_closed
    return found


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


SPANS = [(100, 0), (100, 5), (20, 0)]


@pytest.mark.parametrize(("since", "until"), SPANS)
@pytest.mark.parametrize("name", ["county_officer", "city_officer"])
def test_every_figure_of_a_circular_is_recounted(late_story, name, since, until):
    world = late_story.world
    user = User.objects.select_related("organ__division").get(pk=world.people[name].pk)
    first, last = today() - timedelta(days=since), today() - timedelta(days=until)
    made = make.circular(world, user, first_day=first, last_day=last)
    if name == "city_officer":
        wanted = recounted("county_id", "TRUE", first, last)
    else:
        wanted = recounted("township_id", "county_id = %s", first, last, world.county.pk)
    figures = {
        row["place"]: {k: v for k, v in row.items() if k not in ("place", "name")} for row in made.figures["rows"]
    }
    assert figures == {place: row for place, row in wanted.items() if any(row.values())}
    sums = {key: sum(row[key] for row in wanted.values()) for key in next(iter(wanted.values()))}
    if (since, until) == (100, 0):
        assert all(sums[key] for key in ("villages", "covered", "total", "closed", "overdue", "due"))
    text = " ".join(text for _heading, text in made.headed_sections)
    assert f"应巡察村（社区）{sums['villages']}个，已巡察{sums['covered']}个" in text
    assert f"累计交办整改事项{sums['total']}件，已销号{sums['closed']}件" in text
    assert f"到期{sums['due']}件，按期销号{sums['on_time']}件" in text
    assert f"超期未改{sums['overdue']}件" in text
    covered, mended = read.tables(made)
    assert covered.rows[-1][2:5] == [str(sums[key]) for key in ("villages", "covered", "newly")]
    assert [mended.rows[-1][n] for n in (2, 3, 5, 6, 8)] == [
        str(sums[key]) for key in ("total", "closed", "due", "on_time", "overdue")
    ]


def test_every_figure_of_a_report_is_recounted(late_story):
    world = late_story.world
    code = late_story.places[OWN].finding.checklist_item.code
    made = make.report(world, f"item:{code}")
    rows = sql(
        "SELECT t.name, f.village_id, coalesce(f.amount, 0), coalesce(f.people_affected, 0), i.status, i.deadline"
        " FROM inspections_finding f JOIN rectification_rectificationitem i ON i.finding_id = f.id"
        " JOIN inspections_checklistitem c ON c.id = f.checklist_item_id"
        " JOIN accounts_division t ON t.id = f.township_id"
        " WHERE f.status = 'FED_BACK' AND f.county_id = %s AND c.code = %s",
        world.county.pk,
        code,
    )
    inspected = dict(
        sql(
            "SELECT t.name, count(DISTINCT f.village_id) FROM inspections_finding f"
            " JOIN accounts_division t ON t.id = f.township_id"
            " WHERE f.status = 'FED_BACK' AND f.county_id = %s GROUP BY 1",
            world.county.pk,
        )
    )
    wanted = {}
    for name, village, amount, _people, status, deadline in rows:
        one = wanted.setdefault(name, {"villages": set(), "findings": 0, "amount": 0, "closed": 0, "overdue": 0})
        one["villages"].add(village)
        one["findings"] += 1
        one["amount"] += amount
        one["closed"] += status == "CLOSED"
        one["overdue"] += status != "CLOSED" and deadline < today()
    told = {row["name"]: row for row in made.figures["rows"]}
    assert told.keys() == wanted.keys() != set()
    for name, one in wanted.items():
        row = told[name]
        numbers = (row["villages"], row["findings"], float(row["amount"]), row["closed"], row["overdue"])
        assert numbers == (len(one["villages"]), one["findings"], float(one["amount"]), one["closed"], one["overdue"])
        assert row["inspected"] == inspected[name]
    whole = made.figures["sum"]
    assert whole["findings"] == len(rows) == made.figures["items"][0]["findings"]
    assert whole["villages"] == len({row[1] for row in rows})
    assert (whole["closed"], whole["overdue"]) == tuple(
        sum(one[key] for one in wanted.values()) for key in ("closed", "overdue")
    )
    assert whole["overdue"] > 0
    spread, items = read.tables(made)
    assert spread.rows[-1][0] == "合计"
    assert spread.rows[-1][4] == str(len(rows)) == items.rows[0][3]


def test_few_people_are_not_counted_out(story):
    place = story.places[OWN]
    code = place.finding.checklist_item.code
    people = sql(
        "SELECT sum(f.people_affected) FROM inspections_finding f"
        " JOIN inspections_checklistitem c ON c.id = f.checklist_item_id"
        " WHERE f.status = 'FED_BACK' AND f.county_id = %s AND c.code = %s",
        story.world.county.pk,
        code,
    )[0][0]
    told = make.report(story.world, f"item:{code}").figures["sum"]["people"]
    assert told == ("" if not people else "少于 5" if people < 5 else f"{people // 5 * 5} 以上")


def test_a_report_tells_the_department_no_village(story):
    made = make.report(story.world, "theme:" + story.places[OWN].finding.checklist_item.theme)
    said = str(made.sections) + str(made.figures)
    for place in (OWN, SIBLING):
        assert all(one.division.short_name not in said for one in story.places[place].villages)


def test_a_period_is_called_by_its_name():
    day = today().replace
    assert period(day(2026, 1, 1), day(2026, 12, 31)) == "2026年"
    assert period(day(2026, 7, 1), day(2026, 9, 30)) == "2026年第三季度"
    assert period(day(2026, 2, 1), day(2026, 2, 28)) == "2026年2月"
    assert period(day(2026, 2, 1), day(2026, 11, 29)) == "2026年2月1日至11月29日"
    assert period(day(2025, 12, 31), day(2026, 1, 1)) == "2025年12月31日至2026年1月1日"
    assert months(day(2026, 2, 3), day(2026, 11, 29)) == "2026年2至11月"
    assert months(day(2026, 2, 3), day(2026, 2, 20)) == "2026年2月"
    assert months(day(2026, 7, 1), day(2026, 9, 30)) == "2026年第三季度"


def test_a_sentence_names_who_is_ahead_and_counts_equals_at_the_end():
    def rows(*shares):
        return [Row(n, f"{n}镇", villages=100, covered=share) for n, share in enumerate(shares)]

    def said(*shares):
        return ahead_and_behind(rows(*shares), lambda row: row.coverage, "覆盖率")

    assert said(10, 30, 20) == "覆盖率从高到低依次是1镇（30.0%）、2镇（20.0%）、0镇（10.0%）。"
    assert said(0, 0, 9, 0, 8, 0, 0) == "覆盖率居前的是2镇（9.0%）、4镇（8.0%）；有5个并列末位（0.0%）。"
    assert said(7, 6, 5, 4, 3, 2, 1).endswith("靠后的是4镇（3.0%）、5镇（2.0%）、6镇（1.0%）。")
    assert said(9, 9, 9, 9, 3, 2, 1).startswith("覆盖率居前的是0镇（9.0%）、1镇（9.0%）、2镇（9.0%）、3镇（9.0%）；")
    assert said(9, 8, 8, 8, 8, 8, 1) == "覆盖率居前的是0镇（9.0%）；靠后的是6镇（1.0%）。"
    assert said(9, 9, 9, 9, 9, 2, 1) == "覆盖率有5个并列首位（9.0%）；靠后的是5镇（2.0%）、6镇（1.0%）。"
    assert said(5, 5) == "覆盖率均为5.0%。"
    assert ahead_and_behind([Row(1, "空镇")], lambda row: row.coverage, "覆盖率") == ""
    assert [rank for rank, _row in ranked(rows(5, 9, 5, 1), lambda row: row.coverage)] == [1, 2, 2, 4]


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
