"""What a file would change: read, clean, stage, place, compare; kept beside its import when it came by the browser."""

from typing import IO, Any

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from common.calendar import today
from common.spreadsheets import files
from common.spreadsheets.files import FileRefused, Package
from villages import followers
from villages.models import RosterImport

from . import committing, comparing, places, reading, staging
from .comparing import Outcome
from .places import Places, Scope, scope_for
from .progress import Tell, silent

COMMON_SIGNS = frozenset("村社区居民委员会")


def compare(
    cursor: Any, file: IO[bytes], package: Package, scope: Scope, tell: Tell = silent
) -> tuple[Outcome, Places]:
    """What the file would change; leaves roster_plan and roster_township to be kept or applied. Raises FileRefused."""
    book = reading.read(file, package)
    outcome = Outcome(sheets=book.titles, ignored_columns=book.ignored)
    staging.clear(cursor)
    outcome.rows = staging.stage(
        cursor,
        book,
        outcome.refusals,
        tell=lambda rows: tell(cursor, "read", min(60, 60 * rows / max(package.rows, 1))),
    )
    outcome.notes = book.notes
    if not outcome.rows:
        raise FileRefused(_("表头下面没有名册数据行，请填写后再上传。"))
    tell(cursor, "compare", 60)
    comparing.join(cursor)
    found = places.resolve(cursor, scope)
    comparing.compare(cursor, outcome, scope, today())
    outcome.townships_created = [
        f"{scope.counties[one.county].name} {one.name}" for _code, one in sorted(found.created.items())
    ]
    outcome.townships_renamed = [(old.name, name) for old, name in found.renamed.values()]
    outcome.hints = [
        _("工作表“%s”没有找到名册的表头，没有读入。也是名册的，请按别的工作表填写表头后重新上传。") % title
        for title in book.unread
    ]
    outcome.hints += [
        _("工作表“%s”的每一行在别的工作表里都有，像是汇总表：请删去这个工作表，再上传。") % book.titles[sheet]
        for sheet in (comparing.summaries(cursor) if len(book.sheets) > 1 else ())
    ]
    outcome.hints += [
        _("%(rows)d 行填的是%(named)s，代码却属于%(coded)s；已按所填乡镇归入，请核对。")
        % {"rows": rows, "named": named, "coded": coded}
        for (named, coded), rows in found.elsewhere.items()
    ]
    outcome.hints += _renamed_with_work(cursor)
    outcome.hints += [
        _("文件把“%(old)s”都写作“%(new)s”：按乡镇更名处理，没有更名的请改正后重新上传。") % {"old": old, "new": new}
        for old, new in outcome.townships_renamed
    ]
    return outcome, found


def _renamed_with_work(cursor: Any) -> list[str]:
    """Villages under a wholly different name, with work that is not done: their codes may have been given to others."""
    cursor.execute(
        """
        SELECT p.village_id, d.name, p.name, p.code FROM roster_plan p JOIN accounts_division d ON d.id = p.village_id
        WHERE p.change = 'RENAMED' ORDER BY p.code
        """
    )
    found = {pk: told for pk, *told in cursor.fetchall() if not (set(told[0]) & set(told[1])) - COMMON_SIGNS}
    loads = followers.loads(found) if found else []
    return [
        _("%(code)s由“%(old)s”改为“%(new)s”，名称完全不同，名下还有%(work)s，会跟着代码走：请核对是不是同一个村。")
        % {"code": code, "old": old, "new": new, "work": work}
        for pk, (old, new, code) in found.items()
        if (work := followers.told(loads, pk))
    ]


def scope_of(roster: RosterImport) -> Scope:
    """Where this upload may write: its county, or the counties of the city whose office sent it."""
    sender = roster.uploaded_by
    return scope_for(roster.county, sender.division if sender and not roster.county else None)


def preview(cursor: Any, roster: RosterImport, file: IO[bytes], package: Package, tell: Tell = silent) -> None:
    """Compare and keep: the counts and townships on the import, one planned row for each change. Raises FileRefused."""
    committing.lock(cursor, shared=True)
    roster.planned_rows.all().delete()
    scope = scope_of(roster)
    outcome, found = compare(cursor, file, package, scope, tell)
    roster.data_version = committing.data_version(cursor, list(scope.counties))
    roster.result = outcome.as_result() | {"townships": townships(found)}
    roster.save()
    tell(cursor, "keep", 85)
    committing.keep_plan(cursor, roster.pk, outcome)


def preview_kept(cursor: Any, roster: RosterImport, tell: Tell = silent) -> None:
    """Preview the kept upload. Raises FileRefused."""
    with default_storage.open(roster.stored_as) as file:
        if files.sha256_of(file) != roster.sha256:
            raise FileRefused(_("存放的文件与上传时不同，不能使用，请重新上传。"))
        preview(cursor, roster, file, files.inspect(file, roster.file_name), tell)


def townships(found: Places) -> list[dict[str, Any]]:
    """What the import will do to townships, as it is kept: enough to do it, and to undo it."""
    created = [
        {"code": one.code, "name": one.name, "county": one.county, "is_new": True} for one in found.created.values()
    ]
    renamed = [
        {"code": old.code, "name": name, "county": old.county, "is_new": False, "old": old.name}
        for old, name in found.renamed.values()
    ]
    return created + renamed
