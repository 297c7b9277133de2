from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from common.calendar import today
from common.forms import VersionField
from inspections.models import Paper

from .base import ServiceForm


class PaperForm(ServiceForm):
    """A paper as text: one area for each section, its heading beside it."""

    title = forms.CharField(label=_("标题"), max_length=100)
    to = forms.CharField(label=_("主送"), max_length=100, required=False)
    issuer = forms.CharField(label=_("落款"), max_length=60)
    version = VersionField()

    def __init__(self, data: Any = None, *, paper: Paper):
        super().__init__(data, initial={name: getattr(paper, name) for name in ("title", "to", "issuer", "version")})
        self.texts = [f"section_{order}" for order in range(len(paper.sections))]
        for name, section in zip(self.texts, paper.sections, strict=True):
            rows = max(3, min(20, section["text"].count("\n") + len(section["text"]) // 45 + 2))
            self.fields[name] = forms.CharField(
                label=section["heading"] or _t("开头"),
                initial=section["text"],
                required=False,
                max_length=20_000,
                widget=forms.Textarea(attrs={"rows": rows}),
            )

    @property
    def areas(self) -> list[Any]:
        return [self[name] for name in self.texts]

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {"texts": [data.pop(name) for name in self.texts], **data}


class IssuePaperForm(ServiceForm):
    document_number = forms.CharField(label=_("文号"), max_length=40, required=False)
    on = forms.DateField(label=_("签发日期"), initial=today)
    version = VersionField()

    def __init__(self, *args: Any, numbered: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["document_number"].required = numbered
        if not numbered:
            self.fields["document_number"].help_text = _("公告、谈话提纲一般不编文号，可不填。")
