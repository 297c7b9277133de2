"""The door to roster imports: preview writes nothing about villages, confirming is all or nothing (B5).

What is small is done while the clerk waits; what is large becomes a job that a worker does (docs/adr/0006).
"""

from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from accounts.enums import Tier
from accounts.models import Division
from common import audit, policy
from common.errors import Conflict
from common.spreadsheets import files
from villages.enums import ImportJob
from villages.models import RosterImport, RosterRow

from . import committing, comparing, previewing, reading, reporting, staging
from .comparing import Outcome
from .places import scope_for
from .progress import Tell, silent

KEPT_DAYS = 7
FOLDER = "rosters"
CELLS_A_ROW = 20


def county_of(user: Any) -> Division | None:
    """Where a user may import: the own county, or None for the whole city."""
    division: Division = user.division
    return division if division.tier == Tier.COUNTY else None


def import_file(
    *,
    path: Path,
    county: Division | None,
    commit: bool,
    partial: bool = False,
    actor: Any = None,
    report: Path | None = None,
) -> Outcome:
    """Compare a file with the villages of `county` (None: all) and, with `commit`, write it when no row was refused.

    Villages that the file lacks wait for a decision from then on, unless it is `partial`: a survey of some townships.
    Raises FileRefused. For the shell and for seeding; pages go through `receive` and `confirm`.
    """
    with path.open("rb") as file, transaction.atomic(), connection.cursor() as cursor:
        digest = files.sha256_of(file) if commit else ""
        package = files.inspect(file, path.name)
        committing.lock(cursor, shared=not commit)
        outcome, found = previewing.compare(cursor, file, package, scope_for(county))
        if commit and not outcome.refusals.rows:
            roster = RosterImport(county=county, file_name=path.name[:200], sha256=digest, uploaded_by=actor)
            roster.result = outcome.as_result() | {"committed": True, "partial": partial}
            roster.result["townships"] = previewing.townships(found)
            roster.save()
            committing.apply(cursor, roster=roster.pk, actor=actor)
            codes = [code for code, *_rest in comparing.missing_villages(cursor, outcome)]
            roster.result |= committing.mark_missing(
                cursor, roster=roster.pk, covered=outcome.covered, codes=codes, whole=not partial
            )
            outcome.committed = True
            _close(roster, actor=actor)
        if report:
            reporting.write(cursor, report, file, path.name, outcome)
    return outcome


def receive(*, file: IO[bytes], name: str, actor: Any) -> RosterImport:
    """Preview an uploaded file: keeps the upload and what it would change. Needs "import". Raises FileRefused.

    Of a large file only the head is looked at here; the import comes back with the preview as its job.
    """
    policy.may(actor, "import", "villages.Village").demand()
    drop_forgotten()
    digest = files.sha256_of(file)
    roster = RosterImport(county=county_of(actor), uploaded_by=actor, file_name=name[-200:], sha256=digest)
    package = files.inspect(file, name)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if is_large(package.cells):
                reading.read(file, package)
                ask(roster, ImportJob.PREVIEW, actor)
            else:
                previewing.preview(cursor, roster, file, package)
                audit.record("preview_roster", roster, actor=actor, changes=counts(roster.result))
            roster.stored_as = _keep(file, name)
            roster.save(update_fields=["stored_as"])
    except BaseException:
        if roster.stored_as:
            default_storage.delete(roster.stored_as)
        raise
    return roster


def recheck(*, roster: RosterImport, actor: Any) -> RosterImport:
    """Preview the kept upload once more, against the villages as they are now. Needs "commit"."""
    with transaction.atomic(), connection.cursor() as cursor:
        roster = locked(roster, actor)
        roster.error = ""
        if is_large(roster.result["rows"] * CELLS_A_ROW):
            return ask(roster, ImportJob.PREVIEW, actor)
        previewing.preview_kept(cursor, roster)
        audit.record("preview_roster", roster, actor=actor, changes=counts(roster.result))
    return roster


def confirm(*, roster: RosterImport, actor: Any, sha256: str, data_version: str, partial: bool = False) -> RosterImport:
    """Write what the preview showed, all or nothing, with one history row for each village. Needs "commit".

    Villages that the file lacks wait for a decision from then on, unless it is `partial`: a survey of some townships.
    Raises Conflict when the file or the villages are no longer those of the preview, ValidationError when rows
    were refused. A large one comes back with the writing as its job, which asks all this once more.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        roster = locked(roster, actor)
        if roster.result["refused"]:
            raise ValidationError(_("有未通过的行，不能导入。请下载未通过的行，改好后重新上传。"))
        if (sha256, data_version) != (roster.sha256, roster.data_version):
            raise Conflict(_("您确认的不是这份预检结果。请重新打开预检页面核对后再确认。"))
        roster.result["partial"] = partial
        if is_large(writes(roster.result) * CELLS_A_ROW):
            _check_version(roster)
            return ask(roster, ImportJob.COMMIT, actor)
        commit(cursor, roster, actor)
    return roster


def commit(cursor: Any, roster: RosterImport, actor: Any, tell: Tell = silent) -> None:
    """Write a locked preview that its reader has confirmed. Raises Conflict when the villages have changed since."""
    committing.lock(cursor)
    _check_version(roster)
    staging.clear(cursor)
    committing.fetch_plan(cursor, roster.pk, roster.result["townships"])
    committing.apply(cursor, roster=roster.pk, actor=actor, tell=tell)
    missing = roster.planned_rows.filter(change="MISSING").values_list("code", flat=True)
    covered, whole = roster.result.get("covered", []), not roster.result.get("partial")
    roster.result |= committing.mark_missing(
        cursor, roster=roster.pk, covered=covered, codes=list(missing), whole=whole
    )
    roster.planned_rows.exclude(change="MISSING").delete()
    roster.result |= {"committed": True}
    _close(roster, actor=actor)


def discard(*, roster: RosterImport, actor: Any) -> None:
    """Give up a preview, or one still waiting for a worker: upload and planned rows are removed, the record stays.

    Needs "commit".
    """
    with transaction.atomic():
        _drop(locked(roster, actor, waiting=True), actor)


def drop_forgotten() -> None:
    """Previews that nobody confirmed within a week leave no file behind."""
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    pending = RosterImport.objects.filter(committed_at=None, discarded_at=None, failed_at=None, uploaded_at__lt=old)
    with transaction.atomic():
        for roster in pending.select_for_update(skip_locked=True):
            _drop(roster, None)


def current_version(roster: RosterImport) -> str:
    with connection.cursor() as cursor:
        return committing.data_version(cursor, list(previewing.scope_of(roster).counties))


def is_large(cells: int) -> bool:
    """More than a page should wait for?"""
    return cells > settings.IMPORT_AT_ONCE_CELLS


def writes(result: dict[str, Any]) -> int:
    """How many villages confirming touches."""
    return sum(result[key] for key in ("created", "changed", "renamed", "merged", "withdrawn"))


def locked(roster: RosterImport, actor: Any, *, waiting: bool = False) -> RosterImport:
    """The fresh import, still open, on which the actor may decide; `waiting`: also while a job waits for a worker."""
    fresh = (
        RosterImport.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("county", "uploaded_by__organ__division")
        .filter(pk=roster.pk)
        .first()
    )
    if fresh is None:
        raise Conflict(_("这份名册正在处理，请稍候刷新页面查看。"))
    policy.allows(actor, "commit", fresh).demand()
    if not (fresh.pending or (waiting and fresh.job and not fresh.committed_at)):
        raise Conflict(_("这份名册现在是“%s”，不能再这样办理，请刷新页面查看。") % fresh.state.label)
    return fresh


def end_as_failed(roster: RosterImport) -> None:
    """A preview that came to nothing leaves no file and no rows behind, only the reason; the caller saves."""
    roster.failed_at = timezone.now()
    stored, roster.stored_as = roster.stored_as, ""
    RosterRow.objects.filter(roster=roster).delete()
    _remove_later(stored)


def counts(result: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in result.items() if isinstance(value, int) and value}


# ------------------------------------------------------------------------ steps


def ask(roster: RosterImport, job: ImportJob, actor: Any) -> RosterImport:
    """Write down what a worker is to do; who runs it finds it there."""
    roster.job, roster.job_by, roster.job_at = job, actor, timezone.now()
    roster.attempts, roster.error = 0, ""
    roster.save()
    audit.record("queue_roster", roster, actor=actor, note=str(job.label))
    return roster


def _check_version(roster: RosterImport) -> None:
    if current_version(roster) != roster.data_version:
        raise Conflict(_("名册在预检之后有了变化。请在预检页面“重新预检”，核对后再确认。没有写入任何内容。"))


def _close(roster: RosterImport, *, actor: Any) -> None:
    roster.committed_at, roster.committed_by = timezone.now(), actor
    roster.job, roster.error = "", ""
    stored, roster.stored_as = roster.stored_as, ""
    roster.save()
    audit.record("import_roster", roster, actor=actor or _("命令行"), changes=counts(roster.result))
    _remove_later(stored)


def _drop(roster: RosterImport, actor: Any) -> None:
    stored, roster.stored_as, roster.discarded_at, roster.job = roster.stored_as, "", timezone.now(), ""
    roster.save(update_fields=["stored_as", "discarded_at", "job"])
    RosterRow.objects.filter(roster=roster).delete()
    audit.record("discard_roster", roster, actor=actor)
    _remove_later(stored)


def _keep(file: IO[bytes], name: str) -> str:
    """Keep the upload under a name that tells nothing."""
    file.seek(0)
    suffix = ".csv" if name.lower().endswith((".csv", ".txt")) else ".xlsx"
    return default_storage.save(f"{FOLDER}/{get_random_string(32)}{suffix}", file)


def _remove_later(stored: str) -> None:
    if stored:
        transaction.on_commit(lambda: default_storage.delete(stored))
