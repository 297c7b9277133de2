"""The door to roster imports: preview writes nothing about villages, confirming is all or nothing (B5)."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.enums import Tier
from accounts.models import Division
from common import audit, policy
from common.calendar import today
from common.errors import Conflict
from villages.models import RosterImport, RosterRow

from . import committing, comparing, files, places, reading, reporting, staging
from .comparing import Outcome
from .files import FileRefused
from .places import Places, Scope, scope_for

KEPT_DAYS = 7
FOLDER = "rosters"


def county_of(user: Any) -> Division | None:
    """Where a user may import: the own county, or None for the whole city."""
    division: Division = user.division
    return division if division.tier == Tier.COUNTY else None


def import_file(
    *,
    path: Path,
    county: Division | None,
    commit: bool,
    actor: Any = None,
    report: Path | None = None,
) -> Outcome:
    """Compare a file with the villages of `county` (None: all) and, with `commit`, write it when no row was refused.

    Raises FileRefused. For the shell and for seeding; pages go through `receive` and `confirm`.
    """
    with path.open("rb") as file, transaction.atomic(), connection.cursor() as cursor:
        digest = sha256_of(file) if commit else ""
        committing.lock(cursor, shared=not commit)
        outcome, _found = _compare(cursor, file, path.name, scope_for(county))
        if commit and not outcome.refusals.rows:
            roster = RosterImport(county=county, file_name=path.name[:200], sha256=digest, uploaded_by=actor)
            roster.save()
            committing.apply(cursor, roster=roster.pk, actor=actor)
            codes = [code for code, *_rest in comparing.missing_villages(cursor, outcome)]
            committing.mark_missing(cursor, roster=roster.pk, covered=outcome.covered, codes=codes)
            outcome.committed = True
            _close(roster, outcome.as_result(), actor=actor or _("命令行"))
        if report:
            reporting.write(cursor, report, file, path.name, outcome)
    return outcome


def receive(*, file: IO[bytes], name: str, actor: Any) -> RosterImport:
    """Preview an uploaded file: keeps the upload and what it would change. Needs "import". Raises FileRefused."""
    if not (decision := policy.may(actor, "import", "villages.Village")):
        raise PermissionDenied(decision.reason)
    drop_forgotten()
    roster = RosterImport(county=county_of(actor), uploaded_by=actor, file_name=name[-200:], sha256=sha256_of(file))
    stored = ""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _preview(cursor, roster, file)
            audit.record("preview_roster", roster, actor=actor, changes=_counts(roster.result))
            stored = roster.stored_as = _keep(file, name)
            roster.save(update_fields=["stored_as"])
    except BaseException:
        if stored:
            default_storage.delete(stored)
        raise
    return roster


def recheck(*, roster: RosterImport, actor: Any) -> RosterImport:
    """Preview the kept upload once more, against the villages as they are now. Needs "commit"."""
    with transaction.atomic(), connection.cursor() as cursor:
        roster = _locked(roster, actor)
        roster.planned_rows.all().delete()
        with default_storage.open(roster.stored_as) as file:
            _preview(cursor, roster, file)
        audit.record("preview_roster", roster, actor=actor, changes=_counts(roster.result))
    return roster


def confirm(*, roster: RosterImport, actor: Any, sha256: str, data_version: str) -> RosterImport:
    """Write what the preview showed, all or nothing, with one history row for each village. Needs "commit".

    Raises Conflict when the file or the villages are no longer those of the preview, ValidationError when rows
    were refused.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        committing.lock(cursor)
        roster = _locked(roster, actor)
        if roster.result["refused"]:
            raise ValidationError(_("有未通过的行，不能导入。请下载未通过的行，改好后重新上传。"))
        if (sha256, data_version) != (roster.sha256, roster.data_version):
            raise Conflict(_("您确认的不是这份预检结果。请重新打开预检页面核对后再确认。"))
        if current_version(roster) != data_version:
            raise Conflict(_("名册在预检之后有了变化。请在预检页面“重新预检”，核对后再确认。没有写入任何内容。"))
        staging.clear(cursor)
        committing.fetch_plan(cursor, roster.pk, roster.result["townships"])
        committing.apply(cursor, roster=roster.pk, actor=actor)
        missing = roster.planned_rows.filter(change="MISSING").values_list("code", flat=True)
        covered = roster.result.get("covered", [])
        committing.mark_missing(cursor, roster=roster.pk, covered=covered, codes=list(missing))
        roster.planned_rows.exclude(change="MISSING").delete()
        _close(roster, roster.result | {"committed": True}, actor=actor)
    return roster


def discard(*, roster: RosterImport, actor: Any) -> None:
    """Give up a preview: upload and planned rows are removed, the record stays. Needs "commit"."""
    with transaction.atomic():
        _drop(_locked(roster, actor), actor)


def drop_forgotten() -> None:
    """Previews that nobody confirmed within a week leave no file behind."""
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    pending = RosterImport.objects.filter(committed_at=None, discarded_at=None, uploaded_at__lt=old)
    with transaction.atomic():
        for roster in pending.select_for_update(skip_locked=True):
            _drop(roster, None)


def current_version(roster: RosterImport) -> str:
    with connection.cursor() as cursor:
        return committing.data_version(cursor, list(_scope(roster).counties))


def sha256_of(file: IO[bytes]) -> str:
    file.seek(0)
    readable: Any = file
    return hashlib.file_digest(readable, "sha256").hexdigest()


# ------------------------------------------------------------------------ steps


def _compare(cursor: Any, file: IO[bytes], name: str, scope: Scope) -> tuple[Outcome, Places]:
    """Read, clean, stage, place and compare; leaves roster_plan and roster_township. Raises FileRefused."""
    package = files.inspect(file, name)
    sheet = reading.read(file, package)
    outcome = Outcome(sheet=sheet.title, ignored_columns=sheet.ignored)
    staging.clear(cursor)
    outcome.rows = staging.stage(cursor, sheet, outcome.refusals)
    outcome.notes = sheet.notes
    if not outcome.rows:
        raise FileRefused(_("表头下面没有名册数据行，请填写后再上传。"))
    comparing.join(cursor)
    found = places.resolve(cursor, scope)
    comparing.compare(cursor, outcome, scope, today())
    outcome.townships_created = [
        f"{scope.counties[one.county].name} {one.name}" for _code, one in sorted(found.created.items())
    ]
    outcome.townships_renamed = [(old.name, name) for old, name in found.renamed.values()]
    outcome.hints = [
        _("%(rows)d 行填的是%(named)s，代码却属于%(coded)s；已按所填乡镇归入，请核对。")
        % {"rows": rows, "named": named, "coded": coded}
        for (named, coded), rows in found.elsewhere.items()
    ]
    return outcome, found


def _scope(roster: RosterImport) -> Scope:
    """Where this upload may write: its county, or the counties of the city whose office sent it."""
    sender = roster.uploaded_by
    return scope_for(roster.county, sender.division if sender and not roster.county else None)


def _preview(cursor: Any, roster: RosterImport, file: IO[bytes]) -> None:
    committing.lock(cursor, shared=True)
    scope = _scope(roster)
    outcome, found = _compare(cursor, file, roster.file_name, scope)
    roster.data_version = committing.data_version(cursor, list(scope.counties))
    roster.result = outcome.as_result() | {"townships": _townships(found)}
    roster.save()
    committing.keep_plan(cursor, roster.pk, outcome)


def _townships(found: Places) -> list[dict[str, Any]]:
    created = [
        {"code": one.code, "name": one.name, "county": one.county, "is_new": True} for one in found.created.values()
    ]
    renamed = [
        {"code": old.code, "name": name, "county": old.county, "is_new": False} for old, name in found.renamed.values()
    ]
    return created + renamed


def _locked(roster: RosterImport, actor: Any) -> RosterImport:
    """The fresh import, still open, on which the actor may decide."""
    roster = (
        RosterImport.objects.select_for_update(of=("self",))
        .select_related("county", "uploaded_by__organ__division")
        .get(pk=roster.pk)
    )
    if not (decision := policy.allows(actor, "commit", roster)):
        raise PermissionDenied(decision.reason)
    if roster.committed_at or roster.discarded_at:
        raise Conflict(_("这份名册已经导入或放弃，请刷新页面查看。"))
    return roster


def _close(roster: RosterImport, result: dict[str, Any], *, actor: Any) -> None:
    roster.result, roster.committed_at = result, timezone.now()
    stored, roster.stored_as = roster.stored_as, ""
    roster.save()
    audit.record("import_roster", roster, actor=actor, changes=_counts(result))
    _remove_later(stored)


def _drop(roster: RosterImport, actor: Any) -> None:
    stored, roster.stored_as, roster.discarded_at = roster.stored_as, "", timezone.now()
    roster.save(update_fields=["stored_as", "discarded_at"])
    RosterRow.objects.filter(roster=roster).delete()
    audit.record("discard_roster", roster, actor=actor)
    _remove_later(stored)


def _counts(result: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in result.items() if isinstance(value, int) and value}


def _keep(file: IO[bytes], name: str) -> str:
    """Keep the upload under a name that tells nothing."""
    file.seek(0)
    suffix = ".csv" if name.lower().endswith((".csv", ".txt")) else ".xlsx"
    return default_storage.save(f"{FOLDER}/{get_random_string(32)}{suffix}", file)


def _remove_later(stored: str) -> None:
    if stored:
        transaction.on_commit(lambda: default_storage.delete(stored))
