"""Who is who: the four-tier tree of divisions, organs at them, and people with posts in organs."""

from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common import audit

from .enums import ROLE_OF, Mark, OrganKind, Post, Role, Tier


class Division(models.Model):
    """A node of the tree city > county > township > village. The tree is `parent`, never the code's prefix."""

    scope_alias = {
        "organ__division_id": "id",
        "organ__division__parent_id": "parent_id",
        "organ__division__parent__parent_id": "parent__parent_id",
    }

    code = models.CharField(_("统计区划代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    tier = models.CharField(_("层级"), max_length=10, choices=Tier.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    pinyin = models.CharField(_("全拼"), max_length=240, blank=True, editable=False)
    initials = models.CharField(_("拼音首字母"), max_length=60, blank=True, editable=False)
    mark = models.CharField(
        _("试点示范"), max_length=15, choices=Mark.choices, blank=True, default=Mark.NONE, db_default=Mark.NONE
    )

    class Meta:
        verbose_name = _("行政区划")
        constraints = [
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="division_tier_known"),
            models.CheckConstraint(
                condition=Q(tier=Tier.CITY, parent=None) | (~Q(tier=Tier.CITY) & Q(parent__isnull=False)),
                name="division_only_city_has_no_parent",
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{12}$"), name="division_code_12_digits"),
            models.CheckConstraint(condition=Q(mark__in=Mark.values), name="division_mark_known"),
        ]
        indexes = [
            models.Index(fields=["parent", "code"], name="division_children"),
            models.Index(fields=["tier", "code"], name="division_by_tier"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """团结村村民委员会 → 团结村, as people say it; the official name stays in rosters and papers."""
        return self.name.removesuffix("村民委员会").removesuffix("居民委员会") or self.name


class Organ(models.Model):
    """A body at a division; its kind and tier make its people's role."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="organs", verbose_name=_("行政区划"))
    kind = models.CharField(_("类别"), max_length=30, choices=OrganKind.choices)
    name = models.CharField(_("名称"), max_length=80)

    class Meta:
        verbose_name = _("单位")
        constraints = [
            models.UniqueConstraint(fields=["division", "name"], name="organ_name_once"),
            models.UniqueConstraint(
                fields=["division", "kind"],
                condition=~Q(
                    kind__in=[
                        OrganKind.FUNCTIONAL_DEPARTMENT,
                        OrganKind.INSPECTION_TEAM,
                    ]
                ),
                name="organ_kind_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=OrganKind.values), name="organ_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def role(self) -> Role | None:
        return ROLE_OF.get((OrganKind(self.kind), Tier(self.division.tier)))


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.select_related("organ__division").get(username=username)


class User(AbstractBaseUser):
    """A person in one organ. There is no superuser: rights follow from the organ, the post and the teams."""

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    full_name = models.CharField(_("姓名"), max_length=40)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="users", verbose_name=_("单位"))
    post = models.CharField(_("岗位"), max_length=30, choices=Post.choices, default=Post.OFFICER)
    native_township = models.ForeignKey(
        Division,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("籍贯乡镇（回避用）"),
    )
    email = models.EmailField(_("电子邮箱"), blank=True)
    phone = models.CharField(_("办公电话"), max_length=20, blank=True)
    is_active = models.BooleanField(_("在用"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=True)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    asked_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("提出人")
    )
    countersigned_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("复核人")
    )

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("用户")
        constraints = [
            models.CheckConstraint(condition=Q(post__in=Post.values), name="user_post_known"),
            models.CheckConstraint(
                condition=Q(asked_by=None) | Q(countersigned_by__isnull=False) | Q(is_active=False),
                name="user_works_once_countersigned",
            ),
            models.CheckConstraint(
                condition=Q(countersigned_by=None)
                | (~Q(countersigned_by=F("asked_by")) & ~Q(countersigned_by=F("id"))),
                name="user_countersigned_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def check_password(self, raw_password: str | None) -> bool:
        """Is it this? Hashed anew, and told, when the settings now ask for a stronger hash."""

        @transaction.atomic
        def renew(password: str) -> None:
            self.set_password(password)
            self._password = None  # as Django does: a new hash is no new password
            self.save(update_fields=["password"])
            audit.record("renew_hash", self, actor=self)

        return check_password(raw_password, self.password, renew)

    @property
    def awaits_countersign(self) -> bool:
        """Asked for by one administrator of the system, not yet confirmed by another."""
        return self.asked_by_id is not None and self.countersigned_by_id is None

    @property
    def division(self) -> Division:
        return self.organ.division

    @property
    def home_townships(self) -> set[int]:
        """Where this person serves or comes from: nobody inspects there (回避)."""
        place = self.organ.division
        serves = place.parent_id if place.tier == Tier.VILLAGE else place.pk
        return {one for one in (self.native_township_id, serves) if one}

    @cached_property
    def roles(self) -> frozenset[str]:
        """The organ's role, and TEAM_MEMBER, whose scope is empty for whoever is on no team.

        The administrators of the system (三员) never see business data, so no team can give it to them.
        """
        role = self.organ.role
        if role in (Role.SYSTEM_ADMIN, Role.SECURITY_AUDITOR):
            return frozenset({str(role)})
        return frozenset({str(Role.TEAM_MEMBER)} | ({str(role)} if role else set()))


class CountyScoped(models.Model):
    county = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("县（市、区）"))

    class Meta:
        abstract = True


class SignInAttempt(models.Model):
    """Failed sign-ins, for the lock-out; kept in the database so that a flushed cache unlocks nobody."""

    username = models.CharField(_("用户名"), max_length=60)
    ip = models.GenericIPAddressField(_("来源地址"), null=True)
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("登录失败")
        indexes = [
            models.Index(fields=["username", "at"], name="sign_in_by_name"),
            models.Index(fields=["at"], name="sign_in_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.at:%F %T}"
