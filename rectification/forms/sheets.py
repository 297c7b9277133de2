"""Uploading the progress workbook."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("填好的工作簿"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("请选择填好的工作簿。"), "empty": _("文件是空的，请重新选择。")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_UPLOAD_MB * 1024 * 1024:
            raise ValidationError(_("文件超过 %d MB，请用最新下载的工作簿重新填写。") % settings.MAX_UPLOAD_MB)
        return file
