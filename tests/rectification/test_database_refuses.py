"""Nobody gets round the rules with SQL as the application's own database user."""

import pytest
from django.db import DatabaseError, connection, transaction

from common.calendar import today
from common.models import AuditEvent
from inspections.models import AnnualPlan, ChecklistItem, PlanEntry
from rectification import services
from rectification.models import (
    Attachment,
    Extension,
    Measure,
    ProgressReport,
    RectificationItem,
    Responsible,
    SupervisionCheck,
)
from tests.factories import inspections as build
from tests.factories import rectification as make
from tests.factories.villages import approved, proposed
from tests.rectification.by_sql import ITEM, asked, close, insert_check, refused, run, told


def test_the_tests_run_as_the_applications_role(world):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, usesuper FROM pg_user WHERE usename = current_user")
        assert cursor.fetchone() == ("xuncha_app", False)


@pytest.mark.parametrize("target", ["UNDER_SUPERVISION", "UNDER_VERIFICATION", "CLOSED"])
def test_no_state_is_skipped(world, assigned, target):
    refused(f"UPDATE {ITEM} SET status = %s WHERE id = %s", target, assigned.pk)


@pytest.mark.parametrize("target", ["ASSIGNED", "UNDER_SUPERVISION"])
def test_no_state_is_walked_back(world, supervised, target):
    refused(f"UPDATE {ITEM} SET status = %s WHERE id = %s", target, supervised.pk, match="不能从")


def test_an_item_is_not_born_closed(world, assigned):
    columns = [one.column for one in RectificationItem._meta.concrete_fields if one.column not in ("id", "status")]
    told = ", ".join(f'"{one}"' for one in columns)
    refused(
        f"INSERT INTO {ITEM} (status, {told}) SELECT 'CLOSED', {told} FROM {ITEM} WHERE id = %s",
        assigned.pk,
        match="不能从状态",
    )


def test_an_item_is_not_submitted_without_evidence(world, item):
    refused(
        f"UPDATE {ITEM} SET status = 'UNDER_SUPERVISION', submitted_at = now(), submitted_by_id = %s WHERE id = %s",
        world.township_secretary.pk,
        item.pk,
        match="佐证",
    )


def test_an_item_is_not_submitted_by_another_organ(world):
    item = make.reported_item(world)
    refused(
        f"UPDATE {ITEM} SET status = 'UNDER_SUPERVISION', submitted_at = now(), submitted_by_id = %s WHERE id = %s",
        world.sibling_township_secretary.pk,
        item.pk,
        match="本乡镇党委",
    )


def test_an_item_is_not_closed_without_three_signatures(world, submitted):
    for signer in make.signers(world)[:2]:
        make.sign(submitted, signer)
    refused(f"UPDATE {ITEM} SET status = 'UNDER_VERIFICATION' WHERE id = %s", submitted.pk, match="没有签齐")


@pytest.mark.parametrize("name", ["township_secretary", "supervisor", "other_county_officer", "city_officer"])
def test_an_item_is_not_closed_by_others(world, supervised, name):
    refused(*close(supervised, getattr(world, name)))


def test_the_countys_office_can_close_it(world, supervised):
    told(supervised, world.county_officer, "CLOSED")
    run(*close(supervised, world.county_officer))
    assert RectificationItem.objects.get(pk=supervised.pk).status == "CLOSED"


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("discipline_officer", "TOWNSHIP_DISCIPLINE_MEMBER"),
        ("discipline_member", "VILLAGE_SUPERVISORY_COMMITTEE"),
        ("sibling_discipline_officer", "TOWNSHIP_DISCIPLINE_OFFICER"),
        ("other_supervisor", "VILLAGE_SUPERVISORY_COMMITTEE"),
        ("village_secretary", "VILLAGE_SUPERVISORY_COMMITTEE"),
        ("township_secretary", "TOWNSHIP_DISCIPLINE_OFFICER"),
        ("county_officer", "TOWNSHIP_DISCIPLINE_OFFICER"),
    ],
)
def test_nobody_signs_for_another(world, submitted, name, link):
    refused(*insert_check(submitted, getattr(world, name), link), match="签署")


def test_nothing_is_signed_before_submission(world, item):
    refused(*insert_check(item, world.supervisor, "VILLAGE_SUPERVISORY_COMMITTEE"), match="签署")


def test_a_closed_item_is_not_changed(world, closed):
    refused(f"UPDATE {ITEM} SET is_common = true, deadline = %s WHERE id = %s", today(), closed.pk, match="不能修改")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE rectification_measure SET text = '改' WHERE item_id = %s",
        "DELETE FROM rectification_measure WHERE item_id = %s",
        "UPDATE rectification_responsible SET name = '改' WHERE item_id = %s",
        "DELETE FROM rectification_responsible WHERE item_id = %s",
    ],
)
def test_plan_and_people_of_a_closed_item_are_not_changed(world, closed, sql):
    refused(sql, closed.pk, match="已销号")


def test_nothing_is_added_to_a_closed_item(world, closed):
    with pytest.raises(DatabaseError, match="已销号"), transaction.atomic():
        Measure.objects.create(item=closed, order=9, text="补记", owner="某人", due_on=closed.assigned_on)
    with pytest.raises(DatabaseError, match="已销号"), transaction.atomic():
        ProgressReport.objects.create(item=closed, attempt=1, author=world.village_secretary, text="补记")


@pytest.mark.parametrize("model", [ProgressReport, Attachment, SupervisionCheck, AuditEvent])
@pytest.mark.parametrize("verb", ["UPDATE {} SET item_id = item_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_reports_files_checks_and_events_are_never_changed(world, closed, model, verb):
    sql = verb.format(model._meta.db_table)
    refused(sql.replace("item_id", "note") if model is AuditEvent else sql, match="permission denied|权限不够")


@pytest.mark.parametrize("model", [RectificationItem, Measure, Responsible, ProgressReport, SupervisionCheck])
def test_nothing_is_emptied(world, model):
    refused(f"TRUNCATE {model._meta.db_table} CASCADE", match="permission denied|权限不够")


def test_no_item_is_deleted(world, assigned):
    refused(f"DELETE FROM {ITEM} WHERE id = %s", assigned.pk)


@pytest.mark.parametrize(
    "sql",
    [
        f"ALTER TABLE {ITEM} DISABLE TRIGGER ALL",
        f"DROP TRIGGER {ITEM}_legal_moves ON {ITEM}",
        "DROP FUNCTION rectification_item_rules() CASCADE",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION common_frozen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        f"ALTER TABLE {ITEM} DROP CONSTRAINT item_closed_iff_closed_at",
    ],
)
def test_the_rules_themselves_are_not_switched_off(world, sql):
    refused(sql, match="owner|permission denied|权限不够|属主")


@pytest.mark.parametrize("column", ["number = 'X'", "assigned_on = '2020-01-01'", "original_deadline = '2099-01-01'"])
def test_where_an_item_came_from_is_not_changed(world, item, column):
    refused(f"UPDATE {ITEM} SET {column} WHERE id = %s", item.pk, match="不能修改")


def test_the_attempt_counts_up_with_a_return_only(world, item):
    refused(f"UPDATE {ITEM} SET attempt = attempt + 1 WHERE id = %s", item.pk, match="整改次数")


def test_a_decided_extension_is_not_changed(world, item):
    request = asked(world, item)
    services.refuse_extension(extension=request, actor=world.county_officer, note="不同意")
    refused("UPDATE rectification_extension SET reason = '改' WHERE id = %s", request.pk, match="不能修改")
    refused("UPDATE rectification_extension SET status = 'GRANTED' WHERE id = %s", request.pk)


@pytest.mark.parametrize("state", ["submitted", "supervised", "closed"])
def test_a_return_does_not_keep_the_old_signatures(world, request, state):
    item = request.getfixturevalue(state)
    refused(
        f"UPDATE {ITEM} SET status = 'IN_PROGRESS', closed_at = NULL, closed_by_id = NULL WHERE id = %s",
        item.pk,
        match="加一",
    )


def test_an_item_does_not_take_over_the_signatures_of_another(world, item):
    refused(f"UPDATE {ITEM} SET id = id + 100000 WHERE id = %s", item.pk, match="标识")


def test_no_time_is_asked_for_a_closed_item(world, closed):
    fields = {"old_deadline": closed.deadline, "new_deadline": closed.deadline.replace(year=2099)}
    place = {"county": closed.county, "township": closed.township, "village": closed.village}
    with pytest.raises(DatabaseError, match="已销号"), transaction.atomic():
        Extension.objects.create(item=closed, asked_by=world.township_secretary, reason="补记", **fields, **place)


def test_a_temporary_table_does_not_stand_in_for_signatures(world, submitted):
    run(
        "CREATE TEMP TABLE rectification_supervisioncheck ON COMMIT DROP AS"
        " SELECT %s::bigint AS item_id, 1 AS attempt, 'PASS' AS result, n::text AS link, 0 AS signer_id"
        " FROM generate_series(1, 3) AS n",
        submitted.pk,
    )
    refused(f"UPDATE {ITEM} SET status = 'UNDER_VERIFICATION' WHERE id = %s", submitted.pk, match="没有签齐")


def test_a_temporary_table_does_not_make_somebody_a_signer(world, submitted):
    run(
        "CREATE TEMP TABLE accounts_user ON COMMIT DROP AS"
        " SELECT %s::bigint AS id, %s::bigint AS organ_id, ''::text AS post",
        world.village_secretary.pk,
        world.supervisor.organ_id,
    )
    refused(*insert_check(submitted, world.village_secretary, "VILLAGE_SUPERVISORY_COMMITTEE"), match="签署")


def test_a_temporary_table_does_not_open_a_closed_item(world, closed):
    run(f"CREATE TEMP TABLE {ITEM} (id bigint, status text) ON COMMIT DROP")
    refused("DELETE FROM rectification_measure WHERE item_id = %s", closed.pk, match="已销号")


def test_villages_of_an_approved_plan_stay(world):
    plan = build.approved_plan(world)
    for sql in (
        "UPDATE inspections_planentry SET wave = 9 WHERE plan_id = %s",
        "UPDATE inspections_planentry SET klass = 'RISK', mode_reason = 'x' WHERE plan_id = %s",
        "DELETE FROM inspections_planentry WHERE plan_id = %s",
    ):
        refused(sql, plan.pk, match="其中的村不能修改")
    entry = PlanEntry.objects.filter(plan=plan).get()
    entry.pk, entry.village = None, world.second_village
    with pytest.raises(DatabaseError, match="其中的村不能修改"), transaction.atomic():
        entry.save()


def test_a_plan_is_not_approved_without_an_event(world):
    plan = build.draft_plan(world)
    with pytest.raises(DatabaseError, match="没有办理记录"), transaction.atomic():
        AnnualPlan.objects.filter(pk=plan.pk).update(status="SUBMITTED")


@pytest.mark.parametrize("sql", ["UPDATE {} SET text = '改' WHERE id = %s", "DELETE FROM {} WHERE id = %s"])
def test_a_checklist_in_use_stays(world, assigned, sql):
    used = ChecklistItem.objects.filter(findings__item=assigned).get()
    refused(sql.format("inspections_checklistitem"), used.pk, match="已经启用")


def test_an_approved_class_stays_and_is_the_villages(world):
    row = approved(world.village, officer=world.county_officer, head=world.county_head)
    for change in ("klass = 'ORDINARY'", "reason = '改'", "approved_on = '2020-01-01'"):
        refused(f"UPDATE villages_classification SET {change} WHERE id = %s", row.pk, match="不能修改")
    refused("UPDATE villages_village SET klass = 'ORDINARY' WHERE division_id = %s", world.village.pk, match="一致")
    refused("UPDATE villages_village SET klass = NULL WHERE division_id = %s", world.village.pk, match="一致")


def test_a_village_does_not_show_a_class_that_is_only_proposed(world):
    proposed(world.sibling_village, world.county_officer)
    refused("UPDATE villages_village SET klass = 'RISK' WHERE division_id = %s", world.sibling_village.pk, match="一致")


def insert_report(item, author):
    return (
        "INSERT INTO rectification_progressreport"
        " (item_id, attempt, author_id, is_proxy, proxy_reason, text, created_at)"
        " VALUES (%s, %s, %s, false, '', '已整改', now())",
        item.pk,
        item.attempt,
        author.pk,
    )


def test_nobody_reports_for_another(world, item):
    refused(*insert_report(item, world.village_secretary), match="留下记录")
    for name in ("county_officer", "supervisor", "sibling_township_secretary"):
        told(item, getattr(world, name), "", action="report")
        refused(*insert_report(item, getattr(world, name)), match="本乡镇党委或本村党组织")
    told(item, world.village_secretary, "", action="report")
    run(*insert_report(item, world.village_secretary))


def test_nothing_is_reported_after_the_submission(world, submitted):
    told(submitted, world.village_secretary, "", action="report")
    refused(*insert_report(submitted, world.village_secretary), match="须在整改中")


def insert_file(table, owner, subject, by):
    column = "report_id" if table == "rectification_attachment" else "check_of_id"
    return (
        f"INSERT INTO {table} (id, item_id, {column}, name, content_type, size, sha256, uploaded_by_id, created_at)"
        " VALUES (gen_random_uuid(), %s, %s, '补.jpg', 'image/jpeg', 1, '', %s, now())",
        owner.pk,
        subject.pk,
        by.pk,
    )


def test_no_evidence_is_put_under_the_report_of_another(world, submitted):
    report = submitted.reports.get()
    told(submitted, world.township_officer, "", action="report")
    refused(*insert_file("rectification_attachment", submitted, report, world.township_officer), match="佐证")


def test_no_photograph_is_put_under_a_signature_afterwards(world, closed):
    check = closed.checks.first()
    refused(*insert_file("rectification_checkphoto", closed, check, check.signer), match="现场照片")
    told(closed, check.signer, "", action="sign")
    refused(*insert_file("rectification_checkphoto", closed, check, check.signer), match="现场照片")


def test_no_photograph_is_put_under_the_signature_of_another(world, submitted):
    make.sign(submitted, world.supervisor)
    check = submitted.checks.get()
    told(submitted, world.discipline_officer, "", action="sign")
    refused(*insert_file("rectification_checkphoto", submitted, check, world.discipline_officer), match="现场照片")
