"""村级建制调整 decided by people: what became of villages, above all of those that a roster no longer has.

All or nothing for a batch; each village leaves a row of history and one of the trail; open work goes along in the
same transaction (`villages.followers`). Nothing is deleted; a wrong decision is taken back by `restoring.restore`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.services import move_organs
from common import audit, policy
from common.errors import Conflict
from common.templatetags.ui import cnwhen
from villages import followers
from villages.enums import Act, Change, VillageStatus
from villages.followers import Load, Merged, Readjustment
from villages.models import RosterChange, Village
from villages.roster import committing
from villages.selectors.villages import SHOWN

from .notices import tell
from .orders import Order, amend, check_order, history_row
from .profiles import EDITABLE, POSITION
from .standing import Standing, write_standing

GOING_ON = (Act.MERGE, Act.RECODE)
ENDS = {Act.MERGE: VillageStatus.MERGED, Act.RECODE: VillageStatus.MERGED, Act.WITHDRAW: VillageStatus.WITHDRAWN}
HISTORY = {Act.MERGE: Change.MERGED, Act.RECODE: Change.RECODED, Act.WITHDRAW: Change.WITHDRAWN, Act.KEEP: Change.KEPT}
BY_DOCUMENT = frozenset({Act.MERGE, Act.WITHDRAW})
MOST = 500


@dataclass(frozen=True)
class Decision:
    """What is to become of one village; `version` is the one that the person has seen."""

    village: int
    act: str
    version: int
    successor: int | None = None


@dataclass(frozen=True)
class Decided:
    """A decision with the villages that it speaks of."""

    village: Village
    act: Act
    successor: Village | None = None


def prepare(*, decisions: Sequence[Decision], order: Order, actor: Any, lock: bool = False) -> list[Decided]:
    """Look at a batch before it is carried out. Needs "adjust" on every village it names.

    Raises PermissionDenied; Conflict when a village is no longer as it was seen; ValidationError whose keys are the
    fields of the order and the ids of villages.
    """
    _check_size(decisions)
    acts = {Act(one.act) for one in decisions}
    check_order(order, by_document=bool(acts & BY_DOCUMENT), dated=acts != {Act.KEEP})
    villages = _load(decisions, actor, lock)
    for one in decisions:
        village = villages.get(one.village)
        if village is None or village.version != one.version or village.status != VillageStatus.ACTIVE:
            raise Conflict(too_late(village))
    batch = [Decided(villages[one.village], Act(one.act), villages.get(one.successor or 0)) for one in decisions]
    if problems := _problems(batch, order):
        raise ValidationError(problems)
    return batch


@transaction.atomic
def decide(*, decisions: Sequence[Decision], order: Order, actor: Any) -> list[RosterChange]:
    """Carry out a batch of decisions, all or none, and take open work along; returns the rows of history.

    Raises as `prepare`. Waits for a running import.
    """
    with connection.cursor() as cursor:
        committing.lock(cursor)
    batch = prepare(decisions=decisions, order=order, actor=actor, lock=True)
    history = [
        history_row(one.village, HISTORY[one.act], _fields(one, order), order=order, actor=actor) for one in batch
    ]
    write_standing([_standing(one, order) for one in batch])
    _set_up_earlier(batch, order, actor)
    for one in batch:
        if one.act == Act.RECODE and one.successor:
            _go_on(one.village, one.successor, actor)
    RosterChange.objects.bulk_create(history)
    verbs = [(f"{one.act.lower()}_village", one.village, row.fields) for one, row in zip(batch, history, strict=True)]
    audit.record_many([audit.row(verb, obj, actor=actor, note=order.note, changes=told) for verb, obj, told in verbs])
    followers.follow(_readjustment(batch, actor))
    ending = [one for one in batch if one.act in ENDS]
    tell(ending, document=order.document, key=f"adjust:{history[0].pk}", actor=actor)
    return history


def too_late(village: Village | None) -> str:
    """Who was faster, in words."""
    last = None
    if village is not None:
        last = RosterChange.objects.filter(village=village).select_related("actor").order_by("-id").first()
    if village is None or last is None:
        return _("有的村刚刚有了变化，请刷新页面查看。您这次的决定没有写入。")
    return _("“%(village)s”已由%(who)s于%(at)s办理“%(change)s”，请刷新页面查看。您这次的决定没有写入。") % {
        "village": village.full_name,
        "who": last.actor.full_name if last.actor else _("命令行"),
        "at": cnwhen(last.at),
        "change": last.get_change_display(),
    }


# ------------------------------------------------------------------------ checks


def _check_size(decisions: Sequence[Decision]) -> None:
    if not decisions:
        raise ValidationError(_("还没有决定任何一个村，请先选择去向。"))
    if len(decisions) > MOST:
        raise ValidationError(_("一次最多决定 %d 个村，请分批办理。") % MOST)
    if len({one.village for one in decisions}) < len(decisions):
        raise ValidationError(_("同一个村只能决定一次。一个村分成几个村的，请选接续工作的那个村为去向。"))


def _load(decisions: Sequence[Decision], actor: Any, lock: bool) -> dict[int, Village]:
    ids = {one.village for one in decisions} | {one.successor for one in decisions if one.successor}
    rows = Village.objects.filter(pk__in=ids).order_by("pk")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    villages = {one.pk: one for one in rows.select_related(*SHOWN)}
    for village in villages.values():
        policy.allows(actor, "adjust", village).demand()
    return villages


def _problems(batch: Sequence[Decided], order: Order) -> dict[str, str]:
    """What is wrong with single decisions: {id of the village: what to do}."""
    loads = followers.loads([one.village.pk for one in batch])
    following = {one.village.pk: one.successor.pk for one in batch if one.act in GOING_ON and one.successor}
    withdrawn = {one.village.pk for one in batch if one.act == Act.WITHDRAW}
    taken = _taken_over(batch)
    found = {}
    for one in batch:
        text = _wrong_goal(one, following, withdrawn, taken) or _wrong_day(one, order) or _bound(one, loads)
        if one.act == Act.KEEP and one.village.missing_from_id is None:
            text = _("本村不在待决定之列，不用再“保留”。")
        if text:
            found[str(one.village.pk)] = text
    return found


def _taken_over(batch: Sequence[Decided]) -> set[int]:
    """Villages under whose code one village goes on already, or more than one would: others can merge into them."""
    goals = Counter(one.successor.pk for one in batch if one.act == Act.RECODE and one.successor)
    before = Village.objects.filter(successor__in=goals, rosterchanges__change=Change.RECODED)
    return {pk for pk, number in goals.items() if number > 1} | set(before.values_list("successor_id", flat=True))


def _wrong_goal(one: Decided, following: Mapping[int, int], withdrawn: set[int], taken: set[int]) -> str:
    if one.act not in GOING_ON:
        return ""
    village, successor = one.village, one.successor
    if successor is None:
        return _("请选择去向的村；名册中还没有的，先导入有它的名册，再来决定。")
    if successor.pk == village.pk:
        return _("不能并入本村自己。")
    end = followers.end_of(village.pk, following)
    if end in following or end in withdrawn:
        return _("去向的村在这一批里也要撤销，或者绕回了本村，请改选最后存续的村。")
    if successor.status != VillageStatus.ACTIVE:
        return _("“%s”已经撤并，请改选最后存续的村。") % successor.full_name
    if one.act == Act.RECODE and successor.pk in taken:
        return _("已有别的村改用这个代码，本村只能“并入”。")
    return ""


def _wrong_day(one: Decided, order: Order) -> str:
    since, day = one.village.valid_from, order.effective_on
    if one.act in ENDS and since and day and day <= since:
        return _("本村 %s 才设立，生效日期应在其后。") % since.isoformat()
    return ""


def _bound(one: Decided, loads: Sequence[Load]) -> str:
    """Open work that would be left without a village, or be taken out of its county."""
    if one.act == Act.WITHDRAW:
        barring, advice = [load for load in loads if load.bars_withdrawal], _("请先办结，或改为并入接续工作的村。")
    elif one.successor and one.successor.county_id != one.village.county_id:
        barring, advice = [load for load in loads if load.bars_leaving], _("不能带出本县，请先办结，或从计划中调出。")
    else:
        return ""
    held = followers.told(barring, one.village.pk)
    return _("还有%(work)s：%(advice)s") % {"work": held, "advice": advice} if held else ""


# ------------------------------------------------------------------------ writing


def _fields(one: Decided, order: Order) -> dict[str, Any]:
    if one.act not in ENDS:
        return {}
    before = {"status": one.village.status, "successor": None, "valid_to": None}
    code = one.successor.division.code if one.successor else None
    return audit.diff(before, {"status": ENDS[one.act], "successor": code, "valid_to": order.effective_on})


def _standing(one: Decided, order: Order) -> Standing:
    if one.act not in ENDS:
        return Standing(one.village.pk, VillageStatus.ACTIVE)
    return Standing(one.village.pk, ENDS[one.act], one.successor.pk if one.successor else None, order.effective_on)


def _set_up_earlier(batch: Sequence[Decided], order: Order, actor: Any) -> None:
    """A village that others became stands from the day on which they did, however late a roster first named it."""
    day = order.effective_on
    successors = {one.successor.pk: one.successor for one in batch if one.act in GOING_ON and one.successor}
    for successor in successors.values():
        if day and successor.valid_from and successor.valid_from > day:
            amend(successor, {"valid_from": day}, actor=actor)


def _go_on(village: Village, successor: Village, actor: Any) -> None:
    """The same village under another code: what was known of it fills what is blank there; its organs go along."""
    known = {key: getattr(village, key) for key in EDITABLE if getattr(village, key) not in (None, "")}
    blank = {key for key in EDITABLE if getattr(successor, key) in (None, "")}
    if not blank.issuperset(POSITION):
        blank -= set(POSITION)
    if values := {key: value for key, value in known.items() if key in blank}:
        amend(successor, values, actor=actor)
    move_organs(old=village.division, new=successor.division, actor=actor)


def _readjustment(batch: Sequence[Decided], actor: Any) -> Readjustment:
    return Readjustment(
        actor=actor,
        merged=[
            Merged(one.village.pk, one.successor.pk, same=one.act == Act.RECODE)
            for one in batch
            if one.act in GOING_ON and one.successor
        ],
        withdrawn=[one.village.pk for one in batch if one.act == Act.WITHDRAW],
    )
