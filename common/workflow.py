"""One door for every change of status.

A model lists its legal moves in `transitions.py` (name → sources, target, action, what it requires); buttons,
tests, the database trigger and docs/workflows.md come from that table. `apply` and `apply_all` are the only places
that set `.status`: they lock the row, check source, policy and requirements, write the event, and save. The event
comes first, because the database refuses a move that has none (common/migrations/0003).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import audit, policy
from .errors import Conflict
from .wording import quoted

Check = Callable[[Any, Mapping[str, Any]], "str | None"]
M = TypeVar("M", bound="WorkflowModel")


@dataclass(frozen=True)
class Move:
    """One legal move. `action` is the policy's name for it; `requires` return what is missing, or None.

    An empty `target` leaves the status as it is: an extension, a reassignment.
    """

    name: str
    label: str
    sources: frozenset[str]
    target: str
    action: str
    requires: tuple[Check, ...] = ()
    note_required: bool = False
    tone: str = ""


class Moves(dict[str, Move]):
    """The legal moves of one model, with the status it is born in."""

    def __init__(self, initial: str, moves: Iterable[Move]):
        self.initial = str(initial)
        super().__init__({one.name: one for one in moves})

    def pairs(self) -> set[tuple[str, str]]:
        return {(str(source), str(one.target)) for one in self.values() if one.target for source in one.sources}

    def trigger_arguments(self) -> list[str]:
        """What the table's trigger must be created with: the initial status, then the legal pairs."""
        return [
            self.initial,
            *sorted(f"{source}>{target}" for source, target in self.pairs()),
        ]


def move(
    name: str,
    label: str,
    sources: Iterable[str],
    target: str = "",
    *requires: Check,
    action: str = "",
    note: bool = False,
    tone: str = "",
) -> Move:
    return Move(
        name,
        label,
        frozenset(map(str, sources)),
        str(target),
        action or name,
        requires,
        note,
        tone,
    )


class WorkflowModel(models.Model):
    """A row with a status that only `apply` moves; `version` guards against two people pressing at once."""

    moves: Moves
    confidential: ClassVar[frozenset[str]] = frozenset()  # fields of which the trail says only that they changed
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        abstract = True

    @property
    def status_label(self) -> str:
        """As get_status_display says, which translates every choice to find one: too much for each row of a list."""
        choices: Any = self._meta.get_field("status")
        return str(dict(choices.flatchoices)[self.status])  # type: ignore[attr-defined]


def apply(
    obj: M,
    name: str,
    *,
    actor: Any,
    note: str = "",
    version: int | None = None,
    **changes: Any,
) -> M:
    """Make the move `name` on `obj`, with the field values in `changes`, and return the fresh row.

    Raises Conflict (other state or version), PermissionDenied (policy), ValidationError (something is missing).
    """
    with transaction.atomic():
        fresh = type(obj)._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)
        step = _checked(fresh, name, actor=actor, note=note, version=version, changes=changes)
        before = {key: getattr(fresh, key) for key in changes}
        source = fresh.status  # type: ignore[attr-defined]
        for key, value in changes.items():
            setattr(fresh, key, value)
        fresh.status = target = step.target or source  # type: ignore[attr-defined]
        fresh.version += 1
        audit.record(
            step.name,
            fresh,
            actor=actor,
            note=note,
            source=source,
            target=target,
            changes=audit.masked(audit.diff(before, changes), fresh.confidential),
        )
        fresh.save(update_fields=[*changes, "status", "version", "updated_at"])
    return fresh


def apply_all(
    objs: Sequence[M],
    name: str,
    *,
    actor: Any,
    note: str = "",
    reads: Sequence[str] = (),
    **changes: Any,
) -> list[M]:
    """Make one move on many rows, all or none, in statements that do not grow with the rows; one event each.

    `reads` names the relations that the move's requirements look at. Every row must still have the version of the
    one given. Raises what `apply` raises; the first row that does not fit refuses all.
    """
    if not objs:
        return []
    model, versions = type(objs[0]), {one.pk: one.version for one in objs}
    with transaction.atomic():
        rows = model._default_manager.filter(pk__in=versions).order_by("pk")
        fresh = list(rows.select_for_update(of=("self",)).prefetch_related(*reads))
        if len(fresh) != len(versions):
            raise Conflict(_("所选内容有的已不存在，请刷新后再办理。"))
        for one in fresh:
            _checked(one, name, actor=actor, note=note, version=versions[one.pk], changes=changes)
        target, now = model.moves[name].target, timezone.now()
        values = changes | ({"status": target} if target else {}) | {"updated_at": now}
        events = [_moved(one, name, values, actor=actor, note=note, changes=changes) for one in fresh]
        audit.record_many(events)
        rows.update(version=models.F("version") + 1, **values)
    return fresh


def _moved(
    fresh: Any, name: str, values: Mapping[str, Any], *, actor: Any, note: str, changes: Mapping[str, Any]
) -> dict[str, Any]:
    """Bring a checked row in line with what is written to all; returns its event."""
    source = fresh.status
    seen = audit.masked(audit.diff({key: getattr(fresh, key) for key in changes}, changes), fresh.confidential)
    for key, value in values.items():
        setattr(fresh, key, value)
    fresh.version += 1
    return audit.row(name, fresh, actor=actor, note=note, source=source, target=fresh.status, changes=seen)


def _checked(
    fresh: Any,
    name: str,
    *,
    actor: Any,
    note: str,
    version: int | None,
    changes: Mapping[str, Any],
) -> Move:
    step: Move = fresh.moves[name]
    if version is not None and version != fresh.version:
        raise Conflict(_("%s已被他人更新，请刷新后再办理。您填写的内容没有提交。") % quoted(str(fresh)))
    refuse_late(fresh, name)
    policy.allows(actor, step.action, fresh).demand()
    if step.note_required and not note.strip():
        raise ValidationError({"note": _("请写明“%s”的理由。") % step.label})
    for check in step.requires:
        if missing := check(fresh, changes):
            raise ValidationError(str(missing))
    return step


def refuse_late(obj: Any, name: str) -> None:
    """Raise Conflict where the move does not start from the present state: before its form is shown, too."""
    step: Move = obj.moves[name]
    if obj.status not in step.sources:
        raise Conflict(
            _("%(object)s现在是“%(status)s”，不能再“%(move)s”。请刷新页面查看最新状态。")
            % {"object": quoted(str(obj)), "status": obj.status_label, "move": step.label}
        )


@dataclass(frozen=True)
class Button:
    move: Move
    enabled: bool
    reason: str = ""


def buttons(obj: Any, user: Any) -> list[Button]:
    """The moves from the present state that the user's role knows, greyed with the reason where refused."""
    found = []
    for one in obj.moves.values():
        if obj.status not in one.sources or not policy.may(user, one.action, type(obj)):
            continue
        decision = policy.allows(user, one.action, obj)
        reason = (
            decision.reason
            if not decision
            else next((str(why) for check in one.requires if (why := check(obj, {}))), "")
        )
        found.append(Button(one, bool(decision) and not reason, reason))
    return found
