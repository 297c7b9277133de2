"""What people type about themselves and about accounts."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.audit_words import actions, object_types
from common.models import AuditEvent

from .enums import SEVERAL_AT_A_PLACE, OrganKind, Post, kinds_at, posts_of
from .models import Division, Organ, User
from .selectors import organs_at, townships


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
        error_messages={"required": _("请填写用户名。")},
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请填写密码。")},
    )


class PasswordForm(forms.Form):
    """The present password and twice the new one, which the validators must accept."""

    old = forms.CharField(
        label=_("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请填写现在的密码。")},
    )
    new = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请填写新密码。")},
    )
    again = forms.CharField(
        label=_("再输一次新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请再输一次新密码。")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["new"].help_text = " ".join(password_validation.password_validators_help_texts())

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise ValidationError(_("现在的密码不正确，请重新填写。"))
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        if self.user.check_password(new):
            raise ValidationError(_("新密码不能与现在的密码相同，请换一个。"))
        password_validation.validate_password(new, self.user)
        return new

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "new" in data and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("两次填写的新密码不一致，请重新填写。"))
        return data


class UserFilter(forms.Form):
    q = forms.CharField(label=_("姓名、用户名、单位或区划"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("单位类别"), required=False, choices=[("", _("全部")), *OrganKind.choices])
    active = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ("", _("全部")),
            ("1", _("在用")),
            ("0", _("已停用")),
            ("initial", _("未改初始密码")),
            ("never", _("从未登录")),
        ],
    )


class UserForm(forms.Form):
    """Who a person is and where they sit; the rights follow from unit and post, nothing else is granted here."""

    organ = forms.ChoiceField(
        label=_("单位"),
        widget=forms.RadioSelect,
        help_text=_("权限只由单位类别、层级和岗位决定；参加巡察组的权限由巡察组名单决定。"),
        error_messages={"required": _("请选择单位。")},
    )
    organ_name = forms.CharField(
        label=_("新设单位名称"),
        required=False,
        max_length=80,
        help_text=_("只在上面选了“新设”时填写。"),
    )
    post = forms.ChoiceField(label=_("岗位"), choices=Post.choices, error_messages={"required": _("请选择岗位。")})
    full_name = forms.CharField(label=_("姓名"), max_length=40, error_messages={"required": _("请填写姓名。")})
    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]{2,59}$",
        label=_("用户名"),
        max_length=60,
        help_text=_("3 至 60 位小写字母、数字、点、横线；建立后不能更改。"),
        error_messages={
            "required": _("请填写用户名。"),
            "invalid": _("用户名只能用小写字母、数字、点和横线，至少 3 位。"),
        },
    )
    email = forms.EmailField(label=_("电子邮箱"), required=False, help_text=_("用于接收每日整改提醒。"))
    phone = forms.CharField(label=_("办公电话"), required=False, max_length=20)
    native_township = forms.ModelChoiceField(
        Division.objects.none(),
        label=_("籍贯乡镇（回避用）"),
        required=False,
        empty_label=_("未填写"),
        help_text=_("巡察人员填写。任何人不参加对籍贯地和任职地乡镇的巡察。"),
    )

    def __init__(self, *args: Any, division: Division, user: User | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.division, self.user = division, user
        self.fields["organ"].choices = list(organ_choices(division))
        self.fields["native_township"].queryset = townships()
        self.fields["native_township"].label_from_instance = lambda one: f"{one.parent.name} {one.name}"
        if user:
            del self.fields["username"]

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username=username).exists():
            raise ValidationError(_("用户名“%s”已有人使用，请换一个。") % username)
        return username

    def clean(self) -> dict[str, Any]:
        """`organ` becomes kind and name: "K:<kind>" is one that this place does not have yet."""
        data = super().clean() or {}
        choice = data.get("organ", "")
        if choice.startswith("K:"):
            kind = OrganKind(choice[2:])
            data["kind"], data["name"] = kind, data.get("organ_name", "").strip()
            if kind in SEVERAL_AT_A_PLACE and not data["name"]:
                self.add_error("organ_name", _("请填写新设单位的名称。"))
        elif choice:
            organ = Organ.objects.get(pk=choice)
            data["kind"], data["name"] = OrganKind(organ.kind), organ.name
        if "kind" in data and data.get("post") and data["post"] not in posts_of(data["kind"]):
            allowed = "、".join(str(post.label) for post in posts_of(data["kind"]))
            self.add_error("post", _("这类单位只设这些岗位：%s。请重新选择。") % allowed)
        return data


def organ_choices(division: Division) -> Iterator[tuple[str, Any]]:
    """The organs of the place, then the kinds it may still get."""
    known = list(organs_at(division))
    for organ in known:
        yield str(organ.pk), f"{organ.name}（{organ.get_kind_display()}）"
    for kind in kinds_at(division.tier):
        if kind in SEVERAL_AT_A_PLACE or kind not in {organ.kind for organ in known}:
            yield f"K:{kind}", _("新设：%s") % kind.label


class AuditFilter(forms.Form):
    person = forms.CharField(label=_("操作人（姓名或用户名）"), required=False, max_length=60)
    action = forms.ChoiceField(label=_("动作"), required=False)
    result = forms.ChoiceField(label=_("结果"), required=False, choices=[("", _("全部")), *AuditEvent.Result.choices])
    object_type = forms.ChoiceField(label=_("对象类型"), required=False)
    object_text = forms.CharField(label=_("对象名称或编号"), required=False, max_length=120)
    since = forms.DateField(label=_("起始日期"), required=False)
    until = forms.DateField(label=_("截止日期"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", _("全部")), *actions()]
        self.fields["object_type"].choices = [("", _("全部")), *object_types()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("截止日期不能早于起始日期。"))
        return data
