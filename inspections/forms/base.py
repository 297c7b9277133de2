"""What the forms of this app share: a service's refusal shown at the field it speaks of."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _


class ServiceForm(forms.Form):
    """A form whose cleaned values go to a service; `refuse` shows what the service said."""

    def refuse(self, error: ValidationError) -> None:
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            field = name if name in self.fields and name != NON_FIELD_ERRORS else None
            for one in errors:
                self.add_error(field, one)


class NoteForm(ServiceForm):
    """The reason beside a move that needs one."""

    note = forms.CharField(label=_("说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, required: bool = True, label: Any = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["note"].required = required
        if label:
            self.fields["note"].label = label


class Asked(forms.IntegerField):
    """A number that the address of a list carries from the figure that opened it."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any):
        super().__init__(required=False, min_value=1, max_value=2**63 - 1, **options)


EVERYTHING = _("全部")


def chosen(choices: Any, blank: Any = EVERYTHING) -> list[tuple[str, Any]]:
    """Choices of a filter, with the one that asks for nothing first."""
    return [("", blank), *choices]
