"""How what the story's villages were told is put right: signed for, worked at, watched over, closed."""

import random
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from inspections.models import Feedback
from rectification import services as rectifying
from rectification.enums import CheckResult, ProxyReason, ResponsibleKind
from rectification.models import RectificationItem
from villages.models import Village

from . import clock, evidence, watching
from .people import Cast
from .texts import Text


class Mending:
    """Of the `villages` by their township's prefix; `closing`: the story goes so far that some items are closed."""

    def __init__(
        self,
        cast: Cast,
        villages: dict[str, list[Village]],
        texts: list[Text],
        *,
        seed: int,
        dice: random.Random,
        closing: bool,
    ):
        self.cast, self.villages, self.texts = cast, villages, texts
        self.seed, self.dice, self.closing = seed, dice, closing

    def receive(self, feedback: Feedback) -> None:
        prefix, place = self.prefix(feedback)
        issued_on = feedback.issued_on or clock.today()
        for days, username in ((1, f"{prefix}officer"), (2, f"{place}v")):
            with clock.on(min(issued_on + timedelta(days=days), clock.day(0))):
                rectifying.receive_feedback(feedback=feedback, actor=self.cast[username])

    def prefix(self, item: RectificationItem | Feedback) -> tuple[str, str]:
        """Usernames of the township and village where it lies."""
        for prefix, own in self.villages.items():
            for number, village in enumerate(own, 1):
                if village.pk == item.village_id:
                    return prefix, f"{prefix}{number}"
        raise LookupError(item.village_id)

    def work(self, feedback: Feedback, issued: int) -> None:
        """A village's items, each left in another state; only the last stage of the story closes some."""
        ends = [
            "CLOSED",
            "CLOSED",
            "UNDER_VERIFICATION",
            "UNDER_SUPERVISION",
            "IN_PROGRESS",
            "REPORTED",
            "EXTENSION",
            "ASSIGNED",
        ]
        if not self.closing:
            ends = [
                "UNDER_SUPERVISION",
                "REPORTED",
                "REPORTED",
                "IN_PROGRESS",
                "IN_PROGRESS",
                "IN_PROGRESS",
                "ASSIGNED",
                "ASSIGNED",
            ]
        for item, end in zip(feedback.items.order_by("number"), ends, strict=False):
            self.rectify(item, until=end, accepted=issued - 5)

    def rectify(self, item: RectificationItem, *, until: str, accepted: int) -> None:
        if until == "ASSIGNED":
            return
        prefix, place = self.prefix(item)
        text = next(one for one in self.texts if one.row["title"] == item.finding.title)
        with clock.on(clock.day(accepted)):
            item = self._accept(item, text, prefix)
        if until == "IN_PROGRESS":
            return
        with clock.on(clock.day(accepted - 12)):
            by = self.cast[f"{place}v"] if self.dice.random() < 0.6 else self.cast[f"{prefix}officer"]
            files = [SimpleUploadedFile(f"{item.number}-整改后.png", evidence.picture(item.finding.title), "image/png")]
            rectifying.report_progress(
                item=item, actor=by, text=text.row["progress"], files=files, proxy_reason=ProxyReason.ENTRUSTED
            )
            if until == "EXTENSION":
                rectifying.ask_extension(
                    item=item,
                    actor=self.cast[f"{prefix}secretary"],
                    new_deadline=max(item.original_deadline, clock.day(0)) + timedelta(days=20),
                    reason="涉及资金追缴，当事人外出务工，需分期退缴。",
                )
        if until in ("REPORTED", "EXTENSION"):
            return
        with clock.on(clock.day(accepted - 16)):
            for measure in item.measures.all():
                rectifying.complete_measure(measure=measure, actor=self.cast[f"{prefix}officer"])
            if item.finding.checklist_item.party_building:
                self.reply(item, f"{prefix}secretary")
                self.reply(item, "orgdept")
            item = rectifying.submit_item(item=item, actor=self.cast[f"{prefix}secretary"])
        self._watch(item, prefix, place, accepted - 20, until)

    def _accept(self, item: RectificationItem, text: Text, prefix: str) -> RectificationItem:
        due = min(item.original_deadline, clock.today() + timedelta(days=30))
        measures = [
            {"text": one, "owner": owner, "due_on": due}
            for one, owner in zip(
                text.row["measures"].split(";"), ("村党组织书记", "村报账员", "村委会主任"), strict=False
            )
        ]
        names = {
            kind: self.cast[f"{prefix}{who}"].full_name
            for kind, who in (
                (ResponsibleKind.OVERALL, "secretary"),
                (ResponsibleKind.LEADER, "officer"),
                (ResponsibleKind.SUPERVISION, "discipline"),
            )
        }
        who = {
            ResponsibleKind.OVERALL: {
                "name": names[ResponsibleKind.OVERALL],
                "post": "党委书记",
                "phone": "0816-0000-101",
            },
            ResponsibleKind.LEADER: {
                "name": names[ResponsibleKind.LEADER],
                "post": "党委委员、副镇长",
                "phone": "0816-0000-102",
            },
            ResponsibleKind.SECTION: {"name": "农业综合服务中心", "post": "联系股室", "phone": "0816-0000-106"},
            ResponsibleKind.SUPERVISION: {
                "name": names[ResponsibleKind.SUPERVISION],
                "post": "纪检专干",
                "phone": "0816-0000-103",
            },
        }
        return rectifying.accept_item(item=item, actor=self.cast[f"{prefix}secretary"], measures=measures, people=who)

    def _watch(self, item: RectificationItem, prefix: str, place: str, when: int, until: str) -> None:
        """The three sign (the last one not, where the story stops there), then the county closes."""
        signers = [f"{prefix}discipline", f"{prefix}member", f"{place}s"]
        for link, username in enumerate(signers[:1] if until == "UNDER_SUPERVISION" else signers):
            with clock.on(clock.day(max(when - link, 0))):
                watching.check(item, self.cast[username], link)
        if until == "UNDER_SUPERVISION" and place == "qy1":
            with clock.on(clock.day(max(when - 1, 0))):
                watching.check(item, self.cast[f"{place}s"], 2, CheckResult.OBJECT, watching.OBJECTION)
        if until == "UNDER_VERIFICATION":
            with clock.on(clock.day(max(when - 3, 0))):
                content = 12 if place == "qy1" else 21
                watching.ask_villagers(item, self.cast[f"{place}s"], content, self.seed)
        if until == "CLOSED":
            with clock.on(clock.day(max(when - 5, 0))):
                rectifying.verify_item(item=item, actor=self.cast["county"], opinion="经核查，整改到位，同意销号。")

    def reply(self, item: RectificationItem, username: str) -> None:
        text = next(one for one in self.texts if one.row["title"] == item.finding.title)
        rectifying.reply_to_item(item=item, actor=self.cast[username], text=text.row["progress"])
