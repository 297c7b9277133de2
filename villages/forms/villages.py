"""Forms that write: the profile of a village, its class, a roster's file."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from villages.enums import LOCATIONS, ORGANISATION_TYPES, VillageClass
from villages.models import UNNAMED, Village, VillageKind
from villages.selectors.suggestions import Suggestion
from villages.services.classes import REASON_LIMIT
from villages.services.profiles import EDITABLE, check_profile

KNOWN = [("", _("未填写")), ("yes", _("是")), ("no", _("否"))]
SECTIONS = (
    (_("基本情况"), ("category", "households", "population", "mark", "last_inspected_on")),
    (_("党组织类型"), ("organisation_type", "party_members", "secretary", "secretary_is_director", "is_weak_lax")),
    (_("经济体量"), ("annual_income", "is_lifted_poverty", "is_demonstration")),
    (_("资源禀赋"), ("resources",)),
    (_("区位条件"), ("location", "longitude", "latitude", "datum")),
    (_("干群关系"), ("cadre_relations", "petitions_3y")),
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
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Village
        fields = EDITABLE
        field_classes = dict.fromkeys(
            ("secretary_is_director", "is_lifted_poverty", "is_demonstration", "is_weak_lax"), YesNo
        )
        widgets = {"remark": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "resources": _("如 林地、砂石、旅游，用顿号隔开；没有的填“无”"),
            "longitude": _("位置可以不填；如 104.741720"),
            "latitude": _("如 31.464020"),
            "surveyor": _("到村摸排的人，可以是几个人"),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        for name, words in (("organisation_type", ORGANISATION_TYPES), ("location", LOCATIONS)):
            self.fields[name] = usual(self.fields[name].label, words, getattr(self.instance, name))

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
