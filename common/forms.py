"""Form fields that several apps use."""

from typing import Any

from django import forms


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; each is looked at by the service, which knows what is accepted."""

    def __init__(self, *args: Any, **kwargs: Any):
        accept = ".jpg,.jpeg,.png,.pdf,.docx,.xlsx"
        super().__init__(*args, widget=Files(attrs={"accept": accept}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(one, initial) for one in data or []]
