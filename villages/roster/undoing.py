"""Taking an import back while nothing depends on it: what it did, backwards, all or nothing (B5).

The villages and townships that it made are removed again, the fields that it changed are as they were, and open work
returns to where it came from. Its own history stays and says so.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Division
from common import audit, policy
from common.errors import Conflict
from villages import followers
from villages.enums import Change, ImportJob, VillageStatus
from villages.followers import Merged, Moved, Readjustment
from villages.models import RosterChange, RosterImport, Village

from . import committing, imports, staging
from .columns import PROFILE
from .progress import Tell, silent

DONE = (Change.CREATED, Change.CHANGED, Change.RENAMED, Change.MERGED, Change.WITHDRAWN)
DECIDED = (Change.MERGED, Change.RECODED, Change.WITHDRAWN)


def undo(*, roster: RosterImport, reason: str, actor: Any) -> RosterImport:
    """Take the import back. Needs "commit". A large one comes back with this as its job.

    Raises PermissionDenied, Conflict (it is not in force, or being worked on), ValidationError (no reason; what
    depends on it).
    """
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤回的理由。")})
    with transaction.atomic(), connection.cursor() as cursor:
        fresh = _locked(roster, actor)
        fresh.undo_reason = reason.strip()[:200]
        if imports.is_large(imports.writes(fresh.result) * imports.CELLS_A_ROW):
            return imports.ask(fresh, ImportJob.UNDO, actor)
        carry_out(cursor, fresh, actor)
    return fresh


def bars(*, roster: RosterImport, actor: Any) -> list[str]:
    """Why the import cannot be taken back, in words; empty when it can. Raises as `undo`, and writes nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        fresh = _locked(roster, actor)
        _gather(cursor, fresh.pk)
        return list(_bars(cursor, fresh))


def carry_out(cursor: Any, roster: RosterImport, actor: Any, tell: Tell = silent) -> None:
    """Take a locked import back. Raises ValidationError."""
    committing.lock(cursor)
    _gather(cursor, roster.pk)
    if found := list(_bars(cursor, roster)):
        raise ValidationError(found)
    made = [one for one in _townships(roster) if one["is_new"]]
    renamed = [one for one in _townships(roster) if not one["is_new"]]
    tell(cursor, "undo", 20)
    _restore_names(cursor, renamed)
    for statement in (VILLAGES, DIVISIONS, HISTORY):
        cursor.execute(statement, {"roster": roster.pk, "actor": actor.pk, "reason": roster.undo_reason})
    tell(cursor, "undo", 60)
    _follow(cursor, actor)
    tell(cursor, "undo", 80)
    for statement in (UNMARKED, REMOVED_VILLAGES, REMOVED_DIVISIONS):
        cursor.execute(statement, {"roster": roster.pk})
    cursor.execute("DELETE FROM accounts_division WHERE code = ANY(%s)", [[one["code"] for one in made]])
    for earlier, villages in roster.result.get("found_again", {}).items():
        Village.objects.filter(pk__in=villages, status=VillageStatus.ACTIVE, missing_from=None).update(
            missing_from=earlier
        )
    roster.undone_at, roster.undone_by, roster.job, roster.error = timezone.now(), actor, "", ""
    roster.save()
    audit.record("undo_roster", roster, actor=actor, note=roster.undo_reason, changes=imports.counts(roster.result))


def _locked(roster: RosterImport, actor: Any) -> RosterImport:
    rows = RosterImport.objects.select_for_update(of=("self",), skip_locked=True)
    fresh = rows.select_related("county", "uploaded_by__organ__division").filter(pk=roster.pk).first()
    if fresh is None:
        raise Conflict(_("这份名册正在处理，请稍候刷新页面查看。"))
    policy.allows(actor, "commit", fresh).demand()
    if not fresh.in_force:
        raise Conflict(_("这份名册现在是“%s”，不能撤回，请刷新页面查看。") % fresh.state.label)
    return fresh


def _townships(roster: RosterImport) -> list[dict[str, Any]]:
    return list(roster.result.get("townships", ()))


# ------------------------------------------------------------------------ what bars it


def _gather(cursor: Any, roster: UUID) -> None:
    """roster_undo: what this import did to each village, and where the village lies now."""
    staging.clear(cursor)
    cursor.execute(
        """
        CREATE TEMP TABLE roster_undo ON COMMIT DROP AS
        SELECT c.id, c.village_id, c.code, c.change, c.fields, c.township_before_id, v.township_id AS township_now_id,
            c.fields ? 'township' OR c.fields ? 'county' AS moved
        FROM villages_rosterchange c LEFT JOIN villages_village v ON v.division_id = c.village_id
        WHERE c.roster_id = %s AND c.change = ANY(%s)
        """,
        [roster, list(DONE)],
    )
    cursor.execute("ANALYZE roster_undo")


def _bars(cursor: Any, roster: RosterImport) -> Iterator[str]:
    if later := list(_later_rosters(roster)):  # what it has changed would be told once more below
        yield from later
        return
    yield from _later_changes(cursor)
    yield from _decisions(roster)
    yield from _dependents(cursor)
    yield from _township_bars(cursor, roster)


def _later_rosters(roster: RosterImport) -> Iterator[str]:
    covered = set(roster.result.get("covered", ()))
    later = RosterImport.objects.filter(committed_at__gt=roster.committed_at, undone_at=None).order_by("-committed_at")
    for one in later:
        if covered & set(one.result.get("covered", ())):
            yield _("之后又导入了“%s”，请先撤回那一次。") % one.file_name
            return


def _differing() -> str:
    """A field that this import set is not as it left it."""
    return " OR ".join(
        f"u.fields ? '{one.key}' AND {committing.stored(one, 1)} IS DISTINCT FROM v.{one.key}" for one in PROFILE
    )


LATER = f"""
    SELECT u.code, d.name FROM roster_undo u
    JOIN accounts_division d ON d.id = u.village_id
    JOIN villages_village v ON v.division_id = u.village_id
    WHERE u.moved AND u.change <> 'CREATED' AND u.township_before_id IS NULL
        OR u.change <> 'CREATED' AND ({_differing()})
        OR EXISTS (
            SELECT FROM villages_rosterchange l LEFT JOIN villages_rosterimport r ON r.id = l.roster_id
            WHERE l.village_id = u.village_id AND l.id > u.id AND r.undone_at IS NULL)
    ORDER BY u.code
"""  # noqa: S608


def _later_changes(cursor: Any) -> Iterator[str]:
    cursor.execute(LATER)
    found = cursor.fetchall()
    if found:
        yield _("%(names)s之后又有了变化（修改村情、建制调整或巡察）。") % {"names": _named(found)}


def _decisions(roster: RosterImport) -> Iterator[str]:
    decided = RosterChange.objects.filter(
        roster=None, change__in=DECIDED, county__in=roster.result.get("covered", ()), at__gt=roster.committed_at
    ).exclude(village__status=VillageStatus.ACTIVE)
    found = sorted(set(decided.values_list("code", "village__division__name")))
    if found:
        yield _("%(names)s之后决定了去向，请先在村的页面“恢复建制”。") % {"names": _named(found)}


def _dependents(cursor: Any) -> Iterator[str]:
    """Rows of any app that speak of a village which would be removed."""
    for model in (Village, Division):
        for table, column, label in _referring(model):
            others = "AND NOT EXISTS (SELECT FROM roster_undo o WHERE o.village_id = t.division_id)"
            cursor.execute(
                f"""
                SELECT DISTINCT u.code, d.name FROM roster_undo u JOIN {table} t ON t.{column} = u.village_id
                JOIN accounts_division d ON d.id = u.village_id
                WHERE u.change = 'CREATED' {others if table == Village._meta.db_table else ""} ORDER BY u.code
                """  # noqa: S608 (names of our own tables)
            )
            if found := cursor.fetchall():
                yield _("新增的%(names)s已有“%(what)s”，不能移除。") % {"names": _named(found), "what": label}


def _referring(model: Any) -> Iterator[tuple[str, str, str]]:
    """(table, column, what it is called) of everything that the database holds to rows of this model."""
    for one in model._meta.get_fields(include_hidden=True):
        field: Any = getattr(one, "field", None)
        if one.auto_created and not one.concrete and getattr(field, "db_constraint", False):
            other = one.related_model
            if (other, field.name) != (Village, "division"):
                yield other._meta.db_table, field.column, str(other._meta.verbose_name)


def _township_bars(cursor: Any, roster: RosterImport) -> Iterator[str]:
    names = dict(
        Division.objects.filter(code__in=[one["code"] for one in _townships(roster)]).values_list("code", "name")
    )
    for one in _townships(roster):
        if names.get(one["code"]) != one["name"]:
            yield _("乡镇“%s”之后又改了名。") % one["name"]
    made = [one["code"] for one in _townships(roster) if one["is_new"]]
    for table, column, label in _referring(Division) if made else ():
        own = {Village._meta.db_table: "division_id", Division._meta.db_table: "id"}.get(table)
        others = f"AND NOT EXISTS (SELECT FROM roster_undo o WHERE o.village_id = t.{own})" if own else ""
        cursor.execute(
            f"""
            SELECT DISTINCT d.code, d.name FROM accounts_division d JOIN {table} t ON t.{column} = d.id
            WHERE d.code = ANY(%s) {others} ORDER BY d.code
            """,  # noqa: S608 (names of our own tables)
            [made],
        )
        if found := cursor.fetchall():
            yield _("新建的%(names)s已有“%(what)s”，不能移除。") % {"names": _named(found), "what": label}


def _named(found: list[tuple[str, str]]) -> str:
    names = "、".join(f"“{name}”" for _code, name in found[:3])
    return names if len(found) <= 3 else _("%(names)s等 %(n)d 个") % {"names": names, "n": len(found)}


# ------------------------------------------------------------------------ backwards


def _was(column: Any) -> str:
    old = committing.stored(column, 0)
    return f"{column.key} = CASE WHEN u.fields ? '{column.key}' THEN {old} ELSE v.{column.key} END"


VILLAGES = f"""
    UPDATE villages_village v SET version = v.version + 1, updated_at = now(),
        status = CASE WHEN u.fields ? 'status' THEN u.fields->'status'->>0 ELSE v.status END,
        successor_id = CASE WHEN u.fields ? 'successor' THEN n.id ELSE v.successor_id END,
        township_id = CASE WHEN u.moved THEN t.id ELSE v.township_id END,
        county_id = CASE WHEN u.moved THEN t.parent_id ELSE v.county_id END,
        {", ".join(_was(one) for one in committing.TYPED)}
    FROM roster_undo u
    LEFT JOIN accounts_division t ON t.id = u.township_before_id
    LEFT JOIN accounts_division n ON n.code = u.fields->'successor'->>0
    WHERE v.division_id = u.village_id AND u.change <> 'CREATED'
"""  # noqa: S608
DIVISIONS = """
    UPDATE accounts_division d SET name = coalesce(s.name, d.name), pinyin = coalesce(s.pinyin, d.pinyin),
        initials = coalesce(s.initials, d.initials),
        parent_id = CASE WHEN u.moved THEN u.township_before_id ELSE d.parent_id END
    FROM roster_undo u LEFT JOIN roster_spelling s ON s.name = u.fields->'name'->>0
    WHERE d.id = u.village_id AND u.change <> 'CREATED' AND (u.moved OR u.fields ? 'name')
"""
HISTORY = """
    INSERT INTO villages_rosterchange (roster_id, actor_id, village_id, county_id, township_id, township_before_id,
        code, change, fields, reason, at)
    SELECT %(roster)s, %(actor)s, u.village_id, v.county_id, v.township_id, u.township_now_id, u.code,
        CASE u.change WHEN 'CREATED' THEN 'REMOVED' ELSE 'UNDONE' END,
        coalesce((SELECT jsonb_object_agg(key, jsonb_build_array(value->1, value->0)) FROM jsonb_each(u.fields)), '{}'),
        %(reason)s, now()
    FROM roster_undo u JOIN villages_village v ON v.division_id = u.village_id
"""
UNMARKED = "UPDATE villages_village SET missing_from_id = NULL WHERE missing_from_id = %(roster)s"
REMOVED_VILLAGES = """
    DELETE FROM villages_village v USING roster_undo u WHERE u.change = 'CREATED' AND v.division_id = u.village_id
"""
REMOVED_DIVISIONS = """
    DELETE FROM accounts_division d USING roster_undo u WHERE u.change = 'CREATED' AND d.id = u.village_id
"""
FOLLOWED = """
    SELECT u.village_id, v.successor_id, v.township_id, u.moved, u.fields->'status'->>0
    FROM roster_undo u JOIN villages_village v ON v.division_id = u.village_id
    WHERE u.change <> 'CREATED' AND (u.moved OR u.fields ? 'successor' OR u.fields ? 'status')
"""


def _restore_names(cursor: Any, renamed: list[dict[str, Any]]) -> None:
    cursor.execute("SELECT DISTINCT fields->'name'->>0 FROM roster_undo WHERE change <> 'CREATED' AND fields ? 'name'")
    committing.spell(cursor, {*(row[0] for row in cursor.fetchall()), *(one["old"] for one in renamed)})
    for one in renamed:
        cursor.execute(
            """
            UPDATE accounts_division d SET name = s.name, pinyin = s.pinyin, initials = s.initials
            FROM roster_spelling s WHERE d.code = %s AND s.name = %s
            """,
            [one["code"], one["old"]],
        )


def _follow(cursor: Any, actor: Any) -> None:
    cursor.execute(FOLLOWED)
    if rows := cursor.fetchall():
        followers.follow(
            Readjustment(
                actor=actor,
                merged=[Merged(village, successor) for village, successor, *_rest in rows if successor],
                moved=[Moved(village, township) for village, _successor, township, moved, _status in rows if moved],
                withdrawn=[row[0] for row in rows if row[4] == VillageStatus.WITHDRAWN],
                restored=[row[0] for row in rows if row[4] == VillageStatus.ACTIVE],
            )
        )
