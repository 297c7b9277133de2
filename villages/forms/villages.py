"""Forms that write: the profile of a village, its class, a roster's file."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from common.forms import VersionField
from villages.enums import LOCATIONS, ORGANISATION_TYPES, VillageClass
from villages.models import UNNAMED, Village, VillageKind
from villages.selectors.suggestions import Suggestion
from villages.services.classes import REASON_LIMIT
from villages.services.kinds import NAME_LIMIT
from villages.services.profiles import EDITABLE, check_profile

KNOWN = [("", _("未填写")), ("yes", _("是")), ("no", _("否"))]
SECTIONS = (
    (_("基本情况"), ("category", "households", "population", "mark", "last_inspected_on")),
    (_("党组织类型"), ("organisation_type", "party_members", "secretary", "secretary_is_director", "is_weak_lax")),
    (_("经济体量"), ("annual_income", "is_lifted_poverty", "is_demonstration")),
    (_("资源禀赋"), ("resources",)),
    (_("区位条件"), ("location",)),
    (_("干群关系"), ("cadre_relations", "petitions_3y")),
    (_("位置（可以不填）"), ("longitude", "latitude", "datum")),
    (_("摸排"), ("surveyed_on", "surveyor", "remark")),
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


def usual(label: Any, words: Iterable[str], present: str) -> forms.ChoiceField:
    """A choice among the usual answers; another one that the village already has stays as it is."""
    offered = dict.fromkeys([*words, present]) if present else words
    return forms.ChoiceField(label=label, required=False, choices=[("", _("未填写")), *((one, one) for one in offered)])


class VillageForm(forms.ModelForm):
    version = VersionField()

    class Meta:
        model = Village
        fields = EDITABLE
        field_classes = dict.fromkeys(
            ("secretary_is_director", "is_lifted_poverty", "is_demonstration", "is_weak_lax"), YesNo
        )
        widgets = {"remark": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "resources": _("如 林地、砂石；没有的填“无”"),
            "longitude": _("如 104.741720"),
            "latitude": _("如 31.464020"),
            "datum": _("坐标是在哪种系统里取的"),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        for name, words in (("organisation_type", ORGANISATION_TYPES), ("location", LOCATIONS)):
            self.fields[name] = usual(self.fields[name].label, words, getattr(self.instance, name))
        for name in ("cadre_relations", "datum"):
            _blank, *known = self.fields[name].choices  # type: ignore[attr-defined]
            self.fields[name].choices = [("", _("未填写")), *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The service's own check, before the database's constraints, which cannot say which field is wrong."""
        data = super().clean() or {}
        try:
            check_profile(data)
        except ValidationError as error:
            refuse(self, error)
        return data

    def sections(self) -> list[tuple[Any, list[Any]]]:
        return [(title, [self[name] for name in names]) for title, names in SECTIONS]

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in EDITABLE}


class ClassForm(forms.Form):
    klass = forms.ChoiceField(
        label=_("类别"), choices=VillageClass.choices, widget=forms.RadioSelect(attrs={"class": "chips"})
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
        for klass in VillageClass:
            self.fields[f"kinds_{klass}"] = forms.MultipleChoiceField(
                label=_("%s的细类") % klass.label,
                required=False,
                choices=[(pk, one.name) for pk, one in self.known.items() if one.klass == klass],
                widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
                help_text=_("可以多选，也可以不选"),
            )
        if suggestion:
            kinds = [str(one.pk) for one in suggestion.kinds]
            filled = {"klass": suggestion.klass, "reason": suggestion.reason, f"kinds_{suggestion.klass}": kinds}
            self.initial.update(filled)

    def classes(self) -> list[dict[str, Any]]:
        """Each class with its kinds, as the form shows them one below the other."""
        return [
            {"radio": radio, "kinds": self[f"kinds_{klass}"]}
            for radio, klass in zip(self["klass"], VillageClass, strict=True)
        ]

    def chosen_kinds(self) -> list[VillageKind]:
        """The kinds ticked under the chosen class; what is ticked under another does not count."""
        return [self.known[pk] for pk in self.cleaned_data[f"kinds_{self.cleaned_data['klass']}"]]


class KindForm(forms.Form):
    name = forms.CharField(
        label=_("名称"), max_length=NAME_LIMIT, help_text=_("全市通用；写明是什么样的村，如“项目集中村”")
    )


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
