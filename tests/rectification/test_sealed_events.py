"""An event is what the application's own processes wrote: nobody adds one with SQL, and without one nothing moves."""

import json
import secrets
from datetime import timedelta

import pytest
from django.core.checks import Tags, run_checks
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from common import audit, seals
from common.context import Caller, caller
from common.models import AuditEvent
from mianyang_xuncha.grants import grant
from tests.plugins.servers import APPLICATION
from tests.rectification.by_sql import close, refused, run

UNSEALED = "没有应用的封印"
PLACES = ", ".join(["%s"] * len(audit.COLUMNS))
INSERT = f"INSERT INTO common_auditevent ({', '.join(audit.COLUMNS)}) VALUES ({PLACES})"


def event(actor, obj, **told):
    """The column values of an event that was sealed and never written."""
    one = audit.row("verify", obj, actor=actor, **told) | {"at": timezone.now(), "ip": "10.1.2.3"}
    one["changes"] = seals.canonical(one["changes"])
    return one | {"seal": seals.seal(seals.text_of(one))}


def insert(one):
    run(INSERT, *(Jsonb(one[name]) if name == "changes" else one[name] for name in audit.COLUMNS))


def forged(world, item):
    return event(world.county_officer, item, source=item.status, target="CLOSED") | {"seal": None}


@pytest.fixture
def without_seals(as_owner):
    """The same attacks with the trigger away: each must succeed, or the tests prove nothing."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER common_auditevent_sealed ON common_auditevent")


@pytest.mark.django_db
def test_an_event_of_the_application_is_taken_as_it_is(world, assigned):
    insert(event(world.county_officer, assigned, note="看过“现场”\n\t\\", changes={"限": [None, "2026-01-01"]}))


@pytest.mark.parametrize(
    "given",
    [None, b"", b"\0" * 48, secrets.token_bytes(48), secrets.token_bytes(16)],
    ids=["none", "empty", "zeros", "random", "nonce alone"],
)
def test_nobody_forges_an_event_and_moves_with_it(world, supervised, given):
    one = forged(world, supervised) | {"seal": given}
    with pytest.raises(DatabaseError, match=UNSEALED):
        insert(one)
    refused(*close(supervised, world.county_officer), match="没有办理记录|没有本环节")


def test_without_the_trigger_a_forged_event_would_close_the_item(world, supervised, without_seals):
    insert(forged(world, supervised))
    run(*close(supervised, world.county_officer))


ALTERED = {
    "at": timezone.now() - timedelta(days=9),
    "actor_text": "别人",
    "action": "sign",
    "object_type": "rectification.Extension",
    "object_id": "1",
    "object_text": "另一件",
    "result": "DENIED",
    "source": "ASSIGNED",
    "target": "CLOSED",
    "note": "改过",
    "ip": "10.9.9.9",
    "request_id": "另一次",
    "changes": {"deadline": [None, "2099-01-01"]},
}


def altered(world, item, column):
    other = {"actor_id": world.county_head.pk} | ALTERED
    return event(world.county_officer, item, changes={"deadline": [None, "2026-01-01"]}) | {column: other[column]}


@pytest.mark.parametrize("column", ["actor_id", *ALTERED])
def test_a_seal_fits_its_own_event_only(world, assigned, column):
    with pytest.raises(DatabaseError, match=UNSEALED):
        insert(altered(world, assigned, column))


@pytest.mark.parametrize("column", ["actor_id", *ALTERED])
def test_without_the_trigger_an_altered_event_would_be_taken(world, assigned, without_seals, column):
    insert(altered(world, assigned, column))


def test_every_column_is_sealed():
    own = {"id", "transaction", "seal"}
    assert {one.column for one in AuditEvent._meta.concrete_fields} - own == {"actor_id", *ALTERED}


REPLAY = (
    f"INSERT INTO common_auditevent ({', '.join(audit.COLUMNS)})"
    f" SELECT {', '.join(audit.COLUMNS)} FROM common_auditevent WHERE id = %s"
)


def test_an_old_event_is_not_used_again(world, supervised):
    audit.record("verify", supervised, actor=world.county_officer, source=supervised.status, target="CLOSED")
    old = AuditEvent.objects.latest("id")
    with pytest.raises(IntegrityError, match="seal"), transaction.atomic():
        run(REPLAY, old.pk)


def test_without_the_unique_seal_an_old_event_would_be_used_again(world, supervised, as_owner):
    audit.record("verify", supervised, actor=world.county_officer, source=supervised.status, target="CLOSED")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE common_auditevent DROP CONSTRAINT common_auditevent_seal_key")
    run(REPLAY, AuditEvent.objects.latest("id").pk)


def test_an_event_belongs_to_the_transaction_that_writes_it(world, assigned):
    one = event(world.county_officer, assigned)
    columns, values = [*audit.COLUMNS, "transaction"], [one[name] for name in audit.COLUMNS]
    values[columns.index("changes")] = Jsonb(one["changes"])
    run(f"INSERT INTO common_auditevent ({', '.join(columns)}) VALUES ({PLACES}, 7)", *values)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM common_auditevent WHERE transaction = txid_current()")
        assert cursor.fetchone() > (0,)
    assert not AuditEvent.objects.filter(transaction=7).exists()


@pytest.mark.django_db
def test_after_a_restore_no_event_waits_for_its_number(as_owner):
    audit.record("look", "villages.Village", actor=None)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE common_auditevent SET transaction = 10 ^ 12")
        cursor.execute("SET session_replication_role = DEFAULT")
        seals.forget_future_transactions(using="default")
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname = 'common_auditevent_append_only'")
        assert cursor.fetchone() == ("O",)
    assert AuditEvent.objects.get(action="look").transaction is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM common_sealkey",
        "COPY common_sealkey TO STDOUT",
        "INSERT INTO common_sealkey VALUES ('', '')",
        "UPDATE common_sealkey SET outer_pad = inner_pad",
        "DELETE FROM common_sealkey",
        "TRUNCATE common_sealkey",
        "ALTER TABLE common_auditevent DISABLE TRIGGER common_auditevent_sealed",
        "DROP TRIGGER common_auditevent_sealed ON common_auditevent",
        "DROP FUNCTION common_seal_fits(text, bytea) CASCADE",
        "CREATE OR REPLACE FUNCTION common_seal_fits(text, bytea) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE FUNCTION public.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'",
        "CREATE SCHEMA own",
        "CREATE RULE own AS ON INSERT TO common_auditevent DO NOTHING",
        "CREATE TRIGGER own BEFORE INSERT ON common_auditevent FOR EACH ROW EXECUTE FUNCTION common_sealed_event()",
        "GRANT SELECT ON common_sealkey TO PUBLIC",
    ],
)
def test_the_key_is_not_read_and_the_seal_not_switched_off(sql):
    refused(sql, match="permission denied|owner|权限不够|属主|must be")


@pytest.mark.django_db
def test_the_application_is_a_member_of_no_other_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", [APPLICATION])
        assert cursor.fetchone() == (0,)


def test_a_temporary_table_of_keys_deceives_nobody(world, supervised):
    run("CREATE TEMP TABLE common_sealkey (inner_pad bytea, outer_pad bytea) ON COMMIT DROP")
    run("INSERT INTO pg_temp.common_sealkey VALUES (repeat('a', 64)::bytea, repeat('b', 64)::bytea)")
    run("SET LOCAL search_path = pg_temp, public")
    text = seals.text_of(one := forged(world, supervised) | {"at": timezone.now()})
    nonce = b"n" * 16
    inner = f"sha256(repeat('a', 64)::bytea || '\\x{nonce.hex()}'::bytea || convert_to(%s, 'UTF8'))"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sha256(repeat('b', 64)::bytea || {inner})", [text])
        one["seal"] = nonce + bytes(cursor.fetchone()[0])
    with pytest.raises(DatabaseError, match=UNSEALED):
        insert(one)


@pytest.mark.django_db
def test_grants_given_anew_do_not_open_the_keys(as_owner):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT ON common_sealkey TO {APPLICATION}")
        grant(using="default", role=APPLICATION)
    refused("SELECT * FROM common_sealkey", match="permission denied|权限不够")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=6),
    max_leaves=12,
)


@pytest.mark.django_db
@tried(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON.filter(lambda value: "\\u0000" not in json.dumps(value)))
def test_changes_are_written_as_the_database_prints_them(value):
    text = json.dumps(seals.canonical(value), ensure_ascii=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::jsonb)::text", [text])
        assert cursor.fetchone()[0] == text


@pytest.mark.django_db
@pytest.mark.parametrize("ip", ["10.1.2.3", "::1", "2001:DB8::a", "::ffff:10.1.2.3", None])
def test_an_event_is_taken_from_every_address(ip):
    token = caller.set(Caller(ip=ip, request_id="abc"))
    try:
        audit.record("look", "villages.Village", actor=None, note="'\"\\ \x7f\u2028", changes={"b": 1e-7, "aa": 2.5})
    finally:
        caller.reset(token)
    assert AuditEvent.objects.get(action="look").changes == {"b": "1E-7", "aa": 2.5}


def warnings():
    return [one.id for one in run_checks(tags=[Tags.database], databases=["default"]) if one.id == "common.W001"]


@pytest.mark.django_db
def test_a_new_key_counts_after_migrate_and_the_old_one_while_it_is_a_fallback(settings, as_owner):
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "a new secret for this test only, long"
    with pytest.raises(DatabaseError, match=r"manage\.py migrate"), transaction.atomic():
        audit.record("look", "villages.Village", actor=None)
    assert warnings() == ["common.W001"]
    settings.SECRET_KEY_FALLBACKS = [old]
    for accepted in ([old, settings.SECRET_KEY], [settings.SECRET_KEY]):
        with as_owner():
            seals.install(using="default")
            seals.install(using="default")
        assert warnings() == []
        for settings.SECRET_KEY in accepted:
            audit.record("look", "villages.Village", actor=None)
        settings.SECRET_KEY_FALLBACKS = []
    settings.SECRET_KEY = old
    with pytest.raises(DatabaseError, match=UNSEALED), transaction.atomic():
        audit.record("look", "villages.Village", actor=None)


def test_the_key_stands_in_no_error(world, assigned, settings):
    with pytest.raises(DatabaseError) as raised:
        insert(altered(world, assigned, "note"))
    assert seals._key(settings.SECRET_KEY).hex() not in str(raised.value)
