"""What a worker does for large imports (docs/adr/0006).

What waits stands in the import itself; the broker only wakes somebody to look. A job is done in one transaction that
holds the import's row, so a killed worker leaves it as it was, still waiting, and two workers never do it twice.
"""

import logging

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common import audit, inbox, policy
from common.errors import Conflict
from common.models import Message
from common.spreadsheets.files import FileRefused
from villages.enums import ImportJob
from villages.models import RosterImport

from . import imports, previewing, progress, undoing

log = logging.getLogger(__name__)
ATTEMPTS = 3


def run_next() -> bool:
    """Do the job that has waited longest and that no other worker holds; False when there is none.

    What a person can mend is written on the import. Anything else is raised, and the job tried again, three times
    in all: a file that kills its worker must not kill every one.
    """
    with transaction.atomic():
        roster = _waiting().order_by("job_at").first()
        if roster is None:
            return False
        roster.attempts += 1
        roster.save(update_fields=["attempts"])
        if roster.attempts > ATTEMPTS:
            _fail(roster, _("办理 %d 次都没有完成，已经停止。请把文件拆小后重试，或请系统管理员查看日志。") % ATTEMPTS)
            return True
    try:
        with transaction.atomic():
            _carry_out(roster)
    except (FileRefused, Conflict, PermissionDenied) as refused:
        _give_up(roster, str(refused))
    except ValidationError as refused:
        _give_up(roster, "".join(refused.messages))
    return True


def _waiting() -> "QuerySet[RosterImport]":
    free = RosterImport.objects.select_for_update(of=("self",), skip_locked=True).exclude(job="")
    return free.select_related("county", "uploaded_by__organ__division", "job_by__organ__division")


def _carry_out(roster: RosterImport) -> None:
    fresh = _waiting().filter(pk=roster.pk).first()
    if fresh is None:
        return
    actor, tell = fresh.job_by, progress.teller(fresh.pk)
    with connection.cursor() as cursor:
        if fresh.job == ImportJob.PREVIEW:
            fresh.job = ""
            previewing.preview_kept(cursor, fresh, tell)
            audit.record("preview_roster", fresh, actor=actor, changes=imports.counts(fresh.result))
        else:
            policy.allows(actor, "commit", fresh).demand()
            work = undoing.carry_out if fresh.job == ImportJob.UNDO else imports.commit
            work(cursor, fresh, actor, tell)
    _tell(fresh)


def _give_up(roster: RosterImport, reason: str) -> None:
    with transaction.atomic():
        if fresh := _waiting().filter(pk=roster.pk).first():
            _fail(fresh, reason)


def _fail(roster: RosterImport, reason: str) -> None:
    """A preview ends here and its upload goes; what was previewed stays as it was, with the reason beside it."""
    job, roster.job, roster.error = roster.job, "", reason[:500]
    if job == ImportJob.PREVIEW:
        imports.end_as_failed(roster)
    roster.save()
    audit.record("fail_roster", roster, actor=roster.job_by, note=roster.error, result="FAILED")
    _tell(roster)


def _tell(roster: RosterImport) -> None:
    """In the inbox of whoever asked, who may have left the page."""
    if roster.job_by:
        inbox.post(
            recipients=[roster.job_by],
            kind=Message.Kind.NOTICE,
            key=f"roster-{roster.pk}-{roster.job_at:%Y%m%d%H%M%S%f}",
            title=_("名册“%(file)s”：%(state)s") % {"file": roster.file_name, "state": roster.state.label},
            body=roster.error,
            path=roster.get_absolute_url(),
            email=False,
        )
