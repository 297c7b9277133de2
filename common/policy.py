"""Who may see and do what: one table of grants, two questions.

`visible(user, queryset)` and `allows(user, action, obj)` read the same grants, so that a list and an
object page can never disagree. Apps fill the table in their `rules.py`; a name that no grant knows raises.

A grant says: this role (and, where given, one of these posts) may do these actions on this model within a
scope. A scope turns a user into field lookups ({"county_id": 7}); `where` narrows it by the object's state.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Lookups = Mapping[str, Any]
Condition = Callable[[Any, Any], "str | None"]
M = TypeVar("M", bound=Model)


class UnknownPermission(LookupError):
    """No grant names this action on this model: a typo, never an answer."""


@dataclass(frozen=True)
class Decision:
    ok: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.ok

    def demand(self) -> None:
        """Raise PermissionDenied with the reason unless it is a yes."""
        if not self.ok:
            raise PermissionDenied(self.reason)


@dataclass(frozen=True)
class Grant:
    role: str
    action: str
    model: str
    scope: str
    posts: frozenset[str] = frozenset()
    where: tuple[tuple[str, Any], ...] = ()

    def fits(self, user: Any) -> bool:
        return self.role in user.roles and (not self.posts or user.post in self.posts)


@dataclass
class _Table:
    grants: dict[tuple[str, str], list[Grant]] = field(default_factory=dict)
    scopes: dict[str, tuple[str, Callable[[Any], "Lookups | None"]]] = field(default_factory=dict)
    conditions: dict[tuple[str, str], list[Condition]] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)


_table = _Table()
REFUSED = gettext_lazy("您的单位或岗位不能办理此事项，请联系有权办理的单位。")
MOST_NAMED = 3


def scope(name: str, label: str) -> Callable[[Callable[[Any], "Lookups | None"]], Callable[[Any], "Lookups | None"]]:
    """Register a scope: user → lookups; {} is everything, None is nothing."""

    def register(
        function: Callable[[Any], "Lookups | None"],
    ) -> Callable[[Any], "Lookups | None"]:
        _table.scopes[name] = (label, function)
        return function

    return register


def grant(
    model: str,
    role: str,
    scope: str,
    *actions: str,
    posts: Iterable[str] = (),
    **where: Any,
) -> None:
    """Add grants for `model` ("app.Model"); `where` are lookups on the object's own state."""
    for action in actions:
        row = Grant(
            str(role),
            action,
            model,
            scope,
            frozenset(map(str, posts)),
            tuple(where.items()),
        )
        _table.grants.setdefault((model, action), []).append(row)


def condition(model: str, *actions: str) -> Callable[[Condition], Condition]:
    """A further rule over one object: returns the reason why not, or None."""

    def register(function: Condition) -> Condition:
        for action in actions:
            _table.conditions.setdefault((model, action), []).append(function)
        return function

    return register


def named(words: Mapping[str, Any]) -> None:
    """How roles, posts and scopes within a role are called where a refusal says who may."""
    _table.words |= words


def rows() -> list[Grant]:
    """Every grant, in a stable order (docs/roles.md, `manage.py policy_table`)."""
    return [one for key in sorted(_table.grants) for one in _table.grants[key]]


def conditions() -> list[tuple[str, str, list[Condition]]]:
    """(model, action, rules over one object), in a stable order."""
    return [(*key, list(_table.conditions[key])) for key in sorted(_table.conditions)]


def scope_label(name: str) -> str:
    return str(_table.scopes[name][0])


def _label(model: "type[Model] | Model | str") -> str:
    return model if isinstance(model, str) else model._meta.label


def _grants(user: Any, action: str, model: Any) -> list[Grant]:
    key = (_label(model), action)
    if key not in _table.grants:
        raise UnknownPermission(f"{key[0]}: {action}")
    if not getattr(user, "is_active", False) or not user.is_authenticated:
        return []
    return [one for one in _table.grants[key] if one.fits(user)]


def _reach(one: Grant, user: Any, model: type[Model]) -> dict[str, Any] | None:
    lookups = _table.scopes[one.scope][1](user)
    if lookups is None:
        return None
    aliases = getattr(model, "scope_alias", {})
    return {aliases.get(key, key): value for key, value in lookups.items()} | dict(one.where)


def may(user: Any, action: str, model: "type[Model] | str") -> Decision:
    """Does the user's role allow the action on any object of the model at all (menus, view gates)?"""
    reached = any(_table.scopes[one.scope][1](user) is not None for one in _grants(user, action, model))
    return Decision(True) if reached else Decision(False, _refusal_when_told(action, model))


def refusal(action: str, model: Any) -> str:
    """Why not, and where they are few, who may: 县委巡察办（主要负责人）."""
    who = list(dict.fromkeys(_who(one) for one in _table.grants[_label(model), action]))
    if len(who) > MOST_NAMED or not all(who):
        return str(REFUSED)
    return _("您的单位或岗位不能办理此事项，可以办理的是：%s。") % "、".join(who)


_refusal_when_told = lazy(refusal, str)  # lists and menus ask often, and tell only that an act is not there


def _who(one: Grant) -> str:
    words = _table.words
    within = [*(str(words.get(post, "")) for post in sorted(one.posts)), str(words.get(one.scope, ""))]
    told = "、".join(filter(None, within))
    return f"{words.get(one.role, '')}{f'（{told}）' if told else ''}"


def same(user: Any, action: str, other: str, model: "type[Model]") -> bool:
    """Do the grants give the user exactly the same rows for both actions (what is seen is what may be exported)?"""
    first, second = ([_reach(one, user, model) for one in _grants(user, name, model)] for name in (action, other))
    return [one for one in first if one is not None] == [one for one in second if one is not None]


def visible(user: Any, queryset: "QuerySet[M]", action: str = "view") -> "QuerySet[M]":
    """The rows of `queryset` on which the user may do `action`."""
    reach = Q(pk__in=[])
    for one in _grants(user, action, queryset.model):
        lookups = _reach(one, user, queryset.model)
        if lookups == {}:
            return queryset
        if lookups is not None:
            reach |= Q(**lookups)
    return queryset.filter(reach)


def allows(user: Any, action: str, obj: Model) -> Decision:
    """May the user do `action` on this object? A refusal carries the reason to show."""
    grants = _grants(user, action, obj)
    if not any(_matches(obj, _reach(one, user, type(obj))) for one in grants):
        return Decision(False, refusal(action, obj))
    for rule in _table.conditions.get((_label(obj), action), ()):
        if reason := rule(user, obj):
            return Decision(False, str(reason))
    return Decision(True)


def _matches(obj: Model, lookups: "dict[str, Any] | None") -> bool:
    return lookups is not None and all(_holds(obj, path, value) for path, value in lookups.items())


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "in": lambda have, wanted: have in wanted,
    "isnull": lambda have, wanted: (have is None) is wanted,
}


def _holds(obj: Any, path: str, expected: Any) -> bool:
    """Evaluate the lookups that grants use: equality, `__in` and `__isnull`, over relations."""
    steps = path.split("__")
    test = OPERATORS.get(steps[-1])
    for step in steps[:-1] if test else steps:
        obj = getattr(obj, step) if obj is not None else None
    return test(obj, expected) if test else bool(obj == expected)
