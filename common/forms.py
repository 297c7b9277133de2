"""What the forms of all apps share: fields for files, and how an empty required field is spoken of."""

from typing import Any

from django import forms
from django.forms import widgets
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

TERSE = forms.Field.default_error_messages["required"]
CHOSEN = (widgets.ChoiceWidget, widgets.FileInput, widgets.CheckboxInput)


class BoundField(forms.BoundField):
    """Says which field is empty and what to do, unless the form has words of its own for it."""

    def __init__(self, form: Any, field: forms.Field, name: str):
        super().__init__(form, field, name)
        if field.error_messages.get("required") is TERSE:
            text = _("请选择“%s”。") if isinstance(field.widget, CHOSEN) else _("请填写“%s”。")
            field.error_messages["required"] = text % self.label

    @property
    def told(self) -> list[str]:
        """The errors for a summary away from the field: each names it once."""
        label = str(self.label)
        return [error if label in error else f"{label}：{error}" for error in map(str, self.errors)]


class Renderer(TemplatesSetting):
    bound_field_class = BoundField


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; each is looked at by the service, which knows what is accepted."""

    def __init__(self, *args: Any, **kwargs: Any):
        accept = ".jpg,.jpeg,.png,.pdf,.docx,.xlsx"
        super().__init__(*args, widget=Files(attrs={"accept": accept}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(one, initial) for one in data or []]
