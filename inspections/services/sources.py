"""Looking at who spoke: the one place where a source becomes text again, and every look is on record first (D7)."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from common import audit, policy
from inspections.models.fieldwork import Interview


@dataclass(frozen=True)
class Source:
    """The plain text, which prints nowhere by itself."""

    person: str = field(repr=False)
    contact: str = field(repr=False)
    notes: str = field(repr=False)


def reveal_source(*, record: Interview, actor: Any) -> Source:
    """Give the name, contact and notes of a talk or visit to the team or the county's office.

    The look is recorded and committed before anything is shown. Raises PermissionDenied for everybody else,
    Undecipherable when the key is missing.
    """
    with transaction.atomic():
        policy.allows(actor, "reveal", record).demand()
        audit.record("reveal", record, actor=actor)
    return Source(record.person.reveal(), record.contact.reveal(), record.notes.reveal())
