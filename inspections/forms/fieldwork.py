"""Short forms for the field: what is chosen by a thumb comes first. None of them keeps a draft in the browser."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.forms import FilesField, KeyField, VersionField
from common.templatetags.ui import cndate
from inspections.enums import Channel, DocumentKind, GapAnswer, PersonKind, TalkPlace, VisitKind, VoidReason
from inspections.models import Inspection

from .base import ServiceForm
from .findings import PersonField, partners

CHIPS = forms.RadioSelect(attrs={"class": "chips"})
QUIET = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
UNCHANGED = _("已登记的内容不显示；不填就不变。")


class RecordForm(ServiceForm):
    """`key` is made once, with the page or on the device; `version` guards a correction."""

    at = forms.DateTimeField(label=_("时间"))
    key = KeyField()
    version = VersionField(required=False)

    LATER: tuple[str, ...] = ("at",)

    def __init__(self, *args: Any, inspection: Inspection, author: Any, correcting: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.correcting = correcting
        self.fields["at"].initial = timezone.now
        del self.fields["key" if correcting else "version"]
        if correcting:
            self.fields.pop("attachments", None)

    @property
    def first(self) -> list[Any]:
        folded = {one.name for one in self.later}
        return [one for one in self.visible_fields() if one.name not in folded]

    @property
    def later(self) -> list[Any]:
        """What is folded away: it has a sensible value or is seldom known."""
        return [self[name] for name in self.LATER if name in self.fields]

    @property
    def later_is_open(self) -> bool:
        return self.correcting or any(one.errors for one in self.later)


class InterviewForm(RecordForm):
    person = forms.CharField(
        label=_("姓名"), required=False, max_length=40, widget=forms.TextInput(attrs=QUIET),
        help_text=_("加密保存；不愿留名可不填。"),
    )  # fmt: skip
    notes = forms.CharField(
        label=_("要点"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3} | QUIET)
    )
    second_inspector = PersonField(label=_("第二名巡察人员"), queryset=None, empty_label=_("请选择"))
    contact = forms.CharField(label=_("联系方式"), required=False, max_length=60, widget=forms.TextInput(attrs=QUIET))

    LATER = ("contact", "at")

    def __init__(self, *args: Any, inspection: Inspection, author: Any, partner: Any = None, **kwargs: Any):
        super().__init__(*args, inspection=inspection, author=author, **kwargs)
        field = self.fields["second_inspector"]
        field.queryset = partners(inspection, author)  # type: ignore[attr-defined]
        field.initial = self.partner = partner
        if self.correcting:
            self.fields["person"].help_text = UNCHANGED

    @property
    def later(self) -> list[Any]:
        """Whoever went along last time is offered again, out of the way."""
        return [*([self["second_inspector"]] if self.partner else []), *super().later]


class ConversationForm(InterviewForm):
    kind = forms.ChoiceField(label=_("和谁谈"), choices=PersonKind.choices, widget=CHIPS)
    place = forms.ChoiceField(label=_("在哪里"), choices=TalkPlace.choices, widget=CHIPS)

    field_order = ("kind", "place", "person", "notes", "second_inspector", "contact", "at")


class VisitForm(InterviewForm):
    kind = forms.ChoiceField(label=_("怎么访"), choices=VisitKind.choices, widget=CHIPS)
    announced = forms.TypedChoiceField(
        label=_("是否事先告知"),
        choices=[("", _("三不两直接")), ("yes", _("事先告知"))],
        coerce=lambda text: text == "yes",
        empty_value=False,
        required=False,
        widget=CHIPS,
    )

    field_order = ("kind", "announced", "person", "notes", "second_inspector", "contact", "at")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["person"].label = _("户主或被访人")


class MobilisationForm(RecordForm):
    channel = forms.ChoiceField(label=_("用什么方式"), choices=Channel.choices, widget=CHIPS)
    place = forms.CharField(label=_("地点"), max_length=60, help_text=_("例如：青义镇农贸市场入口"))
    reach = forms.IntegerField(label=_("覆盖人数（约）"), required=False, min_value=0, max_value=1_000_000)
    remark = forms.CharField(label=_("说明"), required=False, max_length=200)
    attachments = FilesField(label=_("照片"), required=False, help_text=_("有就传，不要求。"))

    field_order = ("channel", "place", "reach", "attachments", "remark", "at")
    LATER = ("remark", "at")


class DocumentForm(RecordForm):
    kind = forms.ChoiceField(label=_("哪一类"), choices=DocumentKind.choices, widget=CHIPS)
    title = forms.CharField(label=_("名称"), max_length=80, help_text=_("例如：村集体资金明细账。不写个人姓名。"))
    period = forms.CharField(label=_("所属时间"), required=False, max_length=40, help_text=_("例如：2024 年"))
    attachments = FilesField(label=_("复印件或照片"), required=False, help_text=_("有就传，不要求。"))

    field_order = ("kind", "title", "period", "attachments", "at")


class GapForm(ServiceForm):
    """Which of the six and four are missing, and why."""

    kinds = forms.MultipleChoiceField(
        label=_("缺哪几项"), widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"})
    )
    answer = forms.ChoiceField(
        label=_("情况"),
        choices=GapAnswer.choices,
        widget=CHIPS,
        help_text=_("“本村无此类对象”只用于六必谈；“未谈、未访”由组长或副组长说明。"),
    )
    reason = forms.CharField(
        label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("不写个人姓名。")
    )

    def __init__(self, *args: Any, kinds: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(str(one.kind), one.kind.label) for one in kinds]  # type: ignore[attr-defined]


class VoidForm(ServiceForm):
    reason = forms.ChoiceField(label=_("作废的原因"), choices=VoidReason.choices, widget=CHIPS)


class CiteForm(ServiceForm):
    """What confirms a finding, named by number, kind and day; nothing chosen means nothing confirms it yet."""

    numbers = forms.MultipleChoiceField(label=_("印证"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, rows: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["numbers"].choices = [(one.number, self._label(one)) for one in rows]  # type: ignore[attr-defined]

    @staticmethod
    def _label(one: Any) -> str:
        what = getattr(one, "title", "") or f"{one._meta.verbose_name} {one.get_kind_display()}"
        return f"{one.number} {what} {cndate(one.at)}"
