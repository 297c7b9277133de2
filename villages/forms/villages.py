"""Forms that write: the profile of a village, its class, a roster's file."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from villages.enums import VillageClass
from villages.models import Village, VillageKind
from villages.selectors.suggestions import Suggestion
from villages.services.classes import REASON_LIMIT
from villages.services.profiles import EDITABLE

UNNAMED = "待定名"
KNOWN = [("", _("未填写")), ("yes", _("是")), ("no", _("否"))]
SECTIONS = (
    (_("基本情况"), ("category", "households", "population", "location", "last_inspected_on", "mark")),
    (_("党组织"), ("party_members", "organisation_type", "secretary", "secretary_is_director", "is_weak_lax")),
    (
        _("经济和资源"),
        ("annual_income", "resources", "is_lifted_poverty", "is_demonstration"),
    ),
    (_("干群关系和信访"), ("cadre_relations", "petitions_3y", "remark")),
)


def refuse(form: forms.BaseForm, error: ValidationError) -> None:
    """Show what a service refused at the field it speaks of."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        for one in errors:
            form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, one)


class YesNo(forms.TypedChoiceField):
    """Yes, no, or not known: the three that a survey has."""

    def __init__(self, **options: Any):
        coerce = {"yes": True, "no": False}.__getitem__
        own = {"choices": KNOWN, "coerce": coerce, "empty_value": None, "required": False}
        super().__init__(**(options | own))

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value)


class VillageForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Village
        fields = EDITABLE
        field_classes = dict.fromkeys(
            ("secretary_is_director", "is_lifted_poverty", "is_demonstration", "is_weak_lax"), YesNo
        )
        widgets = {"remark": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "organisation_type": _("如 党支部、党总支、党委"),
            "resources": _("如 林地、砂石、旅游；没有的留空"),
            "location": _("如 城中、城郊、集镇、平坝、丘陵、山区"),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    def sections(self) -> list[tuple[Any, list[Any]]]:
        return [(title, [self[name] for name in names]) for title, names in SECTIONS]

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in EDITABLE}


class ClassForm(forms.Form):
    klass = forms.ChoiceField(
        label=_("类别"), choices=VillageClass.choices, widget=forms.RadioSelect(attrs={"class": "chips"})
    )
    kinds = forms.MultipleChoiceField(
        label=_("细类"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
        help_text=_("可以多选，须属于所选的类别"),
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明依据的情况，审定和以后查阅时要看"),
    )

    def __init__(self, *args: Any, suggestion: Suggestion | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.known = {str(one.pk): one for one in VillageKind.objects.exclude(name=UNNAMED)}
        groups: dict[str, list[tuple[str, str]]] = {}
        for pk, one in self.known.items():
            groups.setdefault(str(VillageClass(one.klass).label), []).append((pk, one.name))
        self.fields["kinds"].choices = list(groups.items())  # type: ignore[attr-defined]
        if suggestion:
            kinds = [str(one.pk) for one in suggestion.kinds]
            self.initial.update(klass=suggestion.klass, kinds=kinds, reason=suggestion.reason)

    def chosen_kinds(self) -> list[VillageKind]:
        return [self.known[pk] for pk in self.cleaned_data["kinds"]]


class ReasonForm(forms.Form):
    note = forms.CharField(label=_("退回的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("名册文件"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": _("请选择名册文件。"), "empty": _("文件是空的，请重新选择。")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.MAX_UPLOAD_MB * 1024 * 1024:
            raise ValidationError(
                _("文件超过 %d MB，请按县（市、区）分开，或删除多余的空行后再上传。") % settings.MAX_UPLOAD_MB
            )
        return file
