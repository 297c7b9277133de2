"""One form for each act on an item; every one carries the version that the person saw."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.calendar import today
from common.forms import FilesField, KeyField, VersionField
from rectification.enums import CheckMethod, CheckResult, PollChannel, ProxyReason

TEXT = forms.Textarea(attrs={"rows": 4})


class VersionForm(forms.Form):
    version = VersionField()


class ProxyForm(forms.Form):
    """Why the township reports for a village; asked of the township alone."""

    proxy_reason = forms.ChoiceField(
        label=_("代填原因"),
        choices=[("", _("请选择")), *ProxyReason.choices],
        error_messages={"required": _("请选择代村填报的原因。")},
    )


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("答复"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("写清采取了什么措施、结果怎样、怎样防止再发生。"),
        error_messages={"required": _("请写明采取了什么措施、结果怎样。")},
    )


class ReportForm(ProxyForm):
    text = forms.CharField(
        label=_("整改进展"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写清做了什么、什么时候做的、做到什么程度。"),
        error_messages={"required": _("请写明做了什么、做到什么程度。")},
    )
    done = forms.MultipleChoiceField(
        label=_("这次完成的措施"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("没有就不选。")
    )
    evidence = FilesField(
        label=_("佐证材料"),
        required=False,
        help_text=_("照片、单据、会议记录等，可一次选多个；提交验收前至少要有一份。"),
    )
    key = KeyField(required=False)

    def __init__(self, *args: Any, measures: Any = (), proxy: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not proxy:
            del self.fields["proxy_reason"]
        self.fields["done"].choices = [(str(one.pk), one.text) for one in measures]  # type: ignore[attr-defined]
        if not measures:
            del self.fields["done"]


class SubmitForm(VersionForm):
    note = forms.CharField(
        label=_("说明"),
        max_length=500,
        required=False,
        widget=TEXT,
        help_text=_("给监督人员和县委巡察办的话，可不填。"),
    )


class SignForm(forms.Form):
    result = forms.ChoiceField(label=_("核查结论"), choices=CheckResult.choices, widget=forms.RadioSelect)
    method = forms.ChoiceField(label=_("核查方式"), choices=CheckMethod.choices, widget=forms.RadioSelect)
    checked_on = forms.DateField(label=_("核查日期"))
    place = forms.CharField(
        label=_("核查地点"), max_length=60, required=False, help_text=_("实地查看的填写，例如村务公开栏、三组水渠。")
    )
    opinion = forms.CharField(
        label=_("核查意见"),
        max_length=1000,
        widget=TEXT,
        help_text=_("写看到的情况。不符合的，写明还差什么，事项会立即退回整改。"),
        error_messages={"required": _("请写明核查看到的情况。")},
    )
    photos = FilesField(label=_("现场照片"), required=False, help_text=_("可不传。手机可以直接拍照，一次可选多张。"))

    def __init__(self, *args: Any, may_object: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not may_object:
            kept = [one for one in CheckResult.choices if one[0] != CheckResult.OBJECT]
            self.fields["result"].choices = kept  # type: ignore[attr-defined]
        self.fields["photos"].widget.attrs["accept"] = "image/jpeg,image/png"
        self.fields["checked_on"].initial = today
        self.fields["method"].initial = CheckMethod.ON_SITE


class VerifyForm(VersionForm):
    opinion = forms.CharField(label=_("验收意见"), max_length=1000, required=False, widget=TEXT)


class ReturnForm(VersionForm):
    note = forms.CharField(
        label=_("退回理由"),
        max_length=1000,
        widget=TEXT,
        help_text=_("写明还缺什么、怎样补。乡镇和村会看到。"),
        error_messages={"required": _("请写明退回理由。")},
    )


class ReopenForm(VersionForm):
    WHY = (
        (_("群众满意度低于标准"), _("群众满意度低于标准")),
        (_("核查发现整改不实"), _("核查发现整改不实")),
        (_("问题反弹"), _("问题反弹")),
    )
    why = forms.ChoiceField(label=_("原因"), choices=WHY, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("具体情况"),
        max_length=1000,
        widget=TEXT,
        error_messages={"required": _("请写明重新整改的具体情况。")},
    )
    deadline = forms.DateField(label=_("新的整改时限"))

    def reason(self) -> str:
        return f"{self.cleaned_data['why']}：{self.cleaned_data['note']}"


class ExtensionForm(forms.Form):
    new_deadline = forms.DateField(label=_("申请延期至"))
    reason = forms.CharField(
        label=_("延期理由"),
        max_length=300,
        widget=TEXT,
        help_text=_("写明为什么到期完不成、已做到哪一步、延期后怎样完成。"),
        error_messages={"required": _("请写明延期理由。")},
    )


class DecideForm(VersionForm):
    YES, NO = "grant", "refuse"
    decision = forms.ChoiceField(
        label=_("审批结论"), choices=[(YES, _("同意延期")), (NO, _("不同意延期"))], widget=forms.RadioSelect
    )
    deadline = forms.DateField(label=_("同意延期至"), help_text=_("可以早于申请的日期，不能晚于它。"))
    note = forms.CharField(
        label=_("审批意见"), max_length=300, required=False, widget=TEXT, help_text=_("不同意的必须写明理由。")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == self.NO and not data.get("note", "").strip():
            self.add_error("note", _("不同意延期请写明理由。"))
        return data


class PollForm(forms.Form):
    channel = forms.ChoiceField(label=_("方式"), choices=PollChannel.choices, widget=forms.RadioSelect)
    polled_on = forms.DateField(label=_("测评日期"))
    asked = forms.IntegerField(label=_("参与人数"), min_value=1, max_value=100000)
    satisfied = forms.IntegerField(label=_("满意"), min_value=0, max_value=100000)
    fair = forms.IntegerField(label=_("基本满意"), min_value=0, max_value=100000, initial=0)
    key = KeyField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["polled_on"].initial = today


class DissentForm(VersionForm):
    YES, NO = "uphold", "recheck"
    decision = forms.ChoiceField(
        label=_("裁定"),
        choices=[(YES, _("采纳不同意见，退回整改")), (NO, _("请提出不同意见的环节重新到现场核查"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("裁定意见"),
        max_length=500,
        widget=TEXT,
        help_text=_("写明依据。监督人员、乡镇和村会看到。"),
        error_messages={"required": _("请写明裁定的依据。")},
    )


class LongTermForm(VersionForm):
    note = forms.CharField(
        label=_("理由或复核情况"),
        max_length=1000,
        widget=TEXT,
        error_messages={"required": _("请写明列为长期坚持的理由，或这次复核的情况。")},
    )
    review_on = forms.DateField(label=_("下次复核日期"))


class UrgeForm(forms.Form):
    text = forms.CharField(
        label=_("催办内容"),
        max_length=300,
        widget=TEXT,
        help_text=_("会同时发到乡镇党委和村党组织的消息与电子邮箱，请不要写具体问题和人名。"),
    )


class HandOverForm(VersionForm):
    document_number = forms.CharField(label=_("文号"), max_length=40)
