"""What the forms of all apps share: fields for files, and how errors are spoken of."""

from typing import Any
from uuid import uuid4

from django import forms
from django.forms import widgets
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TERSE = forms.Field.default_error_messages["required"]
# By the code of the error; the words of Django are half-width and mix 你 with our 您.
WORDS: dict[str, Any] = {
    "max_length": gettext_lazy("最多 %(limit_value)d 个字，现在有 %(show_value)d 个字。"),
    "min_length": gettext_lazy("至少 %(limit_value)d 个字，现在有 %(show_value)d 个字。"),
    "max_value": gettext_lazy("不能大于 %(limit_value)s。"),
    "min_value": gettext_lazy("不能小于 %(limit_value)s。"),
    "max_digits": gettext_lazy("最多 %(max)d 位数字。"),
    "max_decimal_places": gettext_lazy("小数最多 %(max)d 位。"),
    "max_whole_digits": gettext_lazy("小数点前最多 %(max)d 位。"),
    "null_characters_not_allowed": gettext_lazy("含有不能识别的字符，请重新输入。"),
}
NO_CHOICE = tuple(
    kind.default_error_messages["invalid_choice"]
    for kind in (
        forms.ChoiceField,
        forms.MultipleChoiceField,
        forms.ModelChoiceField,
        forms.ModelMultipleChoiceField,
    )
)
DASHES = "---------"  # what Django offers for "nothing chosen"
CHOSEN = (widgets.ChoiceWidget, widgets.FileInput, widgets.CheckboxInput)


class BoundField(forms.BoundField):
    """Says which field is empty or wrong and what to do, unless the form has words of its own for it."""

    def __init__(self, form: Any, field: forms.Field, name: str):
        super().__init__(form, field, name)
        if field.error_messages.get("required") is TERSE:
            text = _("请选择“%s”。") if isinstance(field.widget, CHOSEN) else _("请填写“%s”。")
            field.error_messages["required"] = text % self.label
        if field.error_messages.get("invalid_choice") in NO_CHOICE:
            field.error_messages["invalid_choice"] = _("没有这个选项，请重新选择。")
        field.error_messages = WORDS | field.error_messages
        if getattr(field, "empty_label", None) == DASHES:
            field.empty_label = _("请选择") if field.required else _("不选")  # type: ignore[attr-defined]

    @property
    def starred(self) -> bool:
        """Must it be filled in? Not in a row of a formset that may stay empty."""
        return self.field.required and not getattr(self.form, "may_stay_empty", False)

    @property
    def told(self) -> list[str]:
        """The errors for a summary away from the field: each names it once."""
        label = str(self.label)
        return [error if label in error else f"{label}：{error}" for error in map(str, self.errors)]


class Renderer(TemplatesSetting):
    bound_field_class = BoundField


def offer_county(form: forms.Form, choices: list[Any]) -> None:
    """The choices of a filter's `county`, the empty one first; without any county the field goes.

    A single one is nothing to choose, but a board's figure asks for it.
    """
    if len(choices) < 2:
        del form.fields["county"]
        return
    form.fields["county"].choices = choices  # type: ignore[attr-defined]
    if len(choices) == 2:
        form.fields["county"].widget = forms.HiddenInput()


class VersionField(forms.IntegerField):
    """Which version of the row the page showed; without it nobody knows what the person saw."""

    STALE = gettext_lazy("页面已经过期，没有保存。请刷新页面，看过现在的内容再填写。")

    def __init__(self, **kwargs: Any):
        words = dict.fromkeys(("required", "invalid"), self.STALE)
        super().__init__(widget=forms.HiddenInput, label=gettext_lazy("页面"), error_messages=words, **kwargs)


class KeyField(forms.UUIDField):
    """Made once with the opened form, so that a form sent twice makes one row (common.once)."""

    def __init__(self, **kwargs: Any):
        words = dict.fromkeys(("required", "invalid"), VersionField.STALE)
        more = {"widget": forms.HiddenInput, "label": gettext_lazy("提交标识"), "initial": uuid4}
        super().__init__(error_messages=words, **more | kwargs)


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; each is looked at by the service, which knows what is accepted."""

    def __init__(self, *args: Any, **kwargs: Any):
        accept = ".jpg,.jpeg,.png,.pdf,.docx,.xlsx"
        super().__init__(*args, widget=Files(attrs={"accept": accept}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(one, initial) for one in data or []]
