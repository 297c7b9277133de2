"""Forms of marks and commendations."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from inspections.forms.base import Asked, ServiceForm
from inspections.models import Team, TeamMember
from oversight.enums import Grade

LATER = ("", _("暂不评价"))
COMMENDED = "COMMENDED"


class BehindQuery(forms.Form):
    """Which marks, or the commendations, of which team or member."""

    of = forms.ChoiceField(required=False, choices=[("", ""), *Grade.choices, (COMMENDED, "")])
    team = Asked()
    member = Asked()


class MarksForm(ServiceForm):
    """A grade and a word for each member who has none yet."""

    def __init__(self, *args: Any, members: Sequence[TeamMember], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.members = members
        for one in members:
            self.fields[f"grade_{one.user_id}"] = forms.ChoiceField(
                label=f"{one.user}（{one.get_post_display()}）",
                choices=[*Grade.choices, LATER],
                required=False,
                widget=forms.RadioSelect(attrs={"class": "chips"}),
            )
            self.fields[f"note_{one.user_id}"] = forms.CharField(
                label=_("说明"), max_length=200, required=False, help_text=_("评为“须改进”的写明改进什么。")
            )

    def rows(self) -> Iterator[Any]:
        for one in self.members:
            yield self[f"grade_{one.user_id}"], self[f"note_{one.user_id}"]

    def marks(self) -> dict[int, tuple[str, str]]:
        given = self.cleaned_data
        pairs = {one.user_id: (given[f"grade_{one.user_id}"], given[f"note_{one.user_id}"]) for one in self.members}
        return {pk: pair for pk, pair in pairs.items() if pair[0]}


class CommendForm(ServiceForm):
    who = forms.ChoiceField(label=_("表扬谁"))
    text = forms.CharField(label=_("事由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, teams: Sequence[Team], people: Sequence[User], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.known: dict[str, dict[str, Any]] = {f"team-{one.pk}": {"team": one} for one in teams}
        self.known |= {f"person-{one.pk}": {"member": one} for one in people}
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", _("请选择")),
            (_("巡察组"), [(f"team-{one.pk}", f"{one.round} {one}") for one in teams]),
            (_("组员"), [(f"person-{one.pk}", f"{one}（{one.organ.name}）") for one in people]),
        ]

    def values(self) -> dict[str, Any]:
        return self.known[self.cleaned_data["who"]] | {"text": self.cleaned_data["text"]}
