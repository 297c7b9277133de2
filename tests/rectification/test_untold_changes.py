"""What decides who may act, and by when, changes only by the services, on record."""

import pytest
from django.db import DatabaseError, connection, transaction

from common.calendar import today
from inspections.services import declare_recusal
from rectification.models import CountySetting
from tests.factories import rectification as make

pytestmark = pytest.mark.django_db(transaction=True)

MEMBER = "INSERT INTO inspections_teammember (team_id, user_id, post, starts_on, ends_on)"
EXTENSION = """
INSERT INTO rectification_extension (item_id, county_id, township_id, village_id, asked_by_id, old_deadline,
       new_deadline, reason, status, decision, version, created_at, updated_at)
SELECT id, county_id, township_id, village_id, accepted_by_id, deadline,
       deadline + 9, '别人写的', 'ASKED', '', 1, now(), now() FROM rectification_rectificationitem WHERE id = %(item)s
"""
LETTER = """
INSERT INTO rectification_urgeletter (county_id, township_id, year, serial, day, text, issued_by_id)
SELECT county_id, township_id, 2026, 99, %(today)s, '催', %(person)s
  FROM rectification_rectificationitem WHERE id = %(item)s
"""
RULE = "INSERT INTO rectification_countyrule (county_id, rule_id, offset_days, is_active, more)"
ATTACKS = {
    "inspections_team": "UPDATE inspections_team SET organ_id = %(organ)s WHERE id = %(team)s",
    "inspections_teammember": "UPDATE inspections_teammember SET ends_on = ends_on + 99 WHERE team_id = %(team)s",
    "a new member": f"{MEMBER} SELECT %(team)s, %(person)s, 'MEMBER', %(today)s, %(today)s::date + 9",
    "a member less": "DELETE FROM inspections_teammember WHERE team_id = %(team)s",
    "inspections_recusal": "UPDATE inspections_recusal SET until = %(today)s WHERE id = %(recusal)s",
    "rectification_measure": "UPDATE rectification_measure SET due_on = due_on + 99 WHERE item_id = %(item)s",
    "a plan less": "DELETE FROM rectification_measure WHERE item_id = %(item)s",
    "rectification_responsible": "UPDATE rectification_responsible SET name = '别人' WHERE item_id = %(item)s",
    "rectification_deadlinesetting": "UPDATE rectification_deadlinesetting SET amount = amount + 99",
    "rectification_reminderrule": "UPDATE rectification_reminderrule SET is_active = NOT is_active",
    "rectification_countyrule": f"{RULE} SELECT %(county)s, min(id), 99, false, '[]' FROM rectification_reminderrule",
    "rectification_countysetting": "UPDATE rectification_countysetting SET amber_days = 1 WHERE county_id = %(county)s",
    "common_workdayoverride": "INSERT INTO common_workdayoverride VALUES ('2027-01-01', true, '')",
    "villages_village": "UPDATE villages_village SET township_id = %(sibling)s WHERE division_id = %(village)s",
    "inspections_inspection": "UPDATE inspections_inspection SET theme = '别的' WHERE team_id = %(team)s",
    "inspections_round": "UPDATE inspections_round SET ends_on = ends_on + 99",
    "rectification_extension": EXTENSION,
    "rectification_urgeletter": LETTER,
}
# Told like these, by the same trigger, on the events that follow.
LIKEWISE = {
    **{f"accounts_{one}": "INSERT OR DELETE OR UPDATE" for one in ("user", "organ")},
    "accounts_division": "UPDATE",
    **{f"rectification_{one}": "INSERT" for one in ("rectificationitem", "dissent", "clue", "caseresult")},
    **{f"rectification_{one}": "UPDATE" for one in ("lessonreceipt", "lookbackline")},
    **{f"oversight_{one}": "INSERT" for one in ("pointsgiven", "qualitymark", "commendation", "selfcheckanswer")},
    "oversight_circularreceipt": "UPDATE",
    **{f"inspections_{one}": "INSERT OR UPDATE" for one in ("finding", "feedback", "paper")},
}
TABLES = [one for one in ATTACKS if " " not in one]


@pytest.fixture
def at(world, reference_data):
    """Of what the attacks speak."""
    item, day = make.open_item(world), today()
    CountySetting.objects.create(county=world.county)
    recusal = declare_recusal(
        user=world.spare_member, township=world.township, kind="RELATIVE", declared_on=day, actor=world.county_officer
    )
    numbers = {"item": item, "team": item.inspection.team, "organ": world.other_county_officer.organ}
    numbers |= {"person": world.sysadmin, "recusal": recusal, "county": world.county}
    numbers |= {"sibling": world.sibling_township, "village": world.second_village}
    return {"today": day} | {name: one.pk for name, one in numbers.items()}


def attack(name, at):
    with connection.cursor() as cursor:
        cursor.execute(ATTACKS[name], at)
        assert cursor.rowcount > 0
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_nothing_of_it_changes_untold(at):
    for name in ATTACKS:
        with pytest.raises(DatabaseError, match="没有办理记录"), transaction.atomic():
            attack(name, at)


def switch(verb, as_owner):
    with as_owner(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER {table}_told_changes")


def test_without_the_triggers_all_of_it_would(at, as_owner):
    """Else the attacks would prove nothing."""
    switch("DISABLE", as_owner)
    try:
        for name in ATTACKS:
            with transaction.atomic():
                attack(name, at)
                transaction.set_rollback(True)
    finally:
        switch("ENABLE", as_owner)


def test_every_table_whose_changes_are_told_is_attacked_or_listed(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid), tgenabled FROM pg_trigger"
            " WHERE tgname LIKE '%\\_told\\_changes'"
        )
        told = {table: (text, on) for table, text, on in cursor.fetchall()}
    assert set(told) == {*TABLES, *LIKEWISE}
    assert {on for _text, on in told.values()} == {"O"}
    assert all(f"AFTER {LIKEWISE[table]} " in told[table][0] for table in LIKEWISE)
