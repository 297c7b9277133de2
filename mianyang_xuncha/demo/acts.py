"""Who acted in the years gone by, and the rows and events of it, put aside to be written many at once."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from accounts.enums import OrganKind, Post
from accounts.models import Division, User
from rectification.models import RectificationItem
from villages.models import Village

from . import bulk, clock
from .bulk import Posts, at
from .people import watchers


class Acts:
    def __init__(self, using: str):
        self.using, self.posts = using, Posts(using)
        self.told: list[dict[str, Any]] = []
        self.rows: dict[type[Any], list[Any]] = defaultdict(list)

    def _office(self, county: Division, post: str) -> User:
        return self.posts.of_county(county, post)

    def _township(self, village: Village) -> User:
        place = village.township
        return self.posts.of(place, OrganKind.PARTY_COMMITTEE, Post.HEAD, f"{place.name}党委", "党委书记")

    def _party(self, village: Village) -> User:
        place = village.division
        return self.posts.of(place, OrganKind.VILLAGE_PARTY, Post.HEAD, f"{place.short_name}党组织", "村党组织书记")

    def _signer(self, village: Village, link: int) -> User:
        place, home = village.township, village.division
        if link == 2:
            return self.posts.of(home, OrganKind.VILLAGE_SUPERVISORY, Post.HEAD, watchers(home), "监督委员会主任")
        post, title = ((Post.DISCIPLINE_OFFICER, "纪检专干"), (Post.DISCIPLINE_MEMBER, "纪委委员"))[link]
        return self.posts.of(place, OrganKind.TOWNSHIP_DISCIPLINE, post, f"{place.name}纪委", title)

    def _save(self, row: Any) -> Any:
        for name, value in times(at(clock.day(0))).items():
            if name in {one.name for one in row._meta.fields} and getattr(row, name) is None:
                setattr(row, name, value)
        row.save(using=self.using, force_insert=True)
        return row

    def _write(self) -> None:
        """Items before what hangs on them; then their events."""
        for row in bulk.write(self.using, self.rows.pop(RectificationItem, [])):
            for verb, actor, day, source, target in row.moves_told:
                self._event(row, verb, actor, at(day), source, target)
        for rows in self.rows.values():
            bulk.write(self.using, rows)

    def _event(self, *event: Any) -> None:
        self.told.append(bulk.told(*event))


def times(when: datetime) -> dict[str, datetime]:
    return {"created_at": when, "updated_at": when}


def scope(village: Village) -> dict[str, Any]:
    """The places themselves, so that nothing is asked for again when the row is written."""
    return {"county": village.county, "township": village.township, "village": village}
