"""催办函: a letter a township and urging, numbered without gaps, read by its own (E7, H3)."""

import io

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from docx import Document

from common.models import AuditEvent
from rectification import services
from rectification.models import UrgeLetter, UrgeLine
from tests.factories import rectification as make


@pytest.fixture
def items(world):
    return make.assigned_items(world, findings=3)


def urge(world, items, text="请抓紧整改。"):
    return services.urge_items(items=items, actor=world.county_officer, text=text)


def words(content):
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_urging_leaves_one_letter_a_township(world, items):
    urge(world, items)
    letter = UrgeLetter.objects.get()
    assert letter.township == world.township
    assert letter.lines.count() == 3
    assert str(letter) == f"涪巡办催〔{letter.year}〕1号"


def test_urging_again_on_the_day_leaves_a_letter_of_what_is_new_only(world, items):
    urge(world, items[:1])
    urge(world, items)
    urge(world, items)
    assert [one.lines.count() for one in UrgeLetter.objects.order_by("serial")] == [1, 2]
    assert UrgeLine.objects.count() == 3


def test_a_letter_is_a_paper_with_its_items(world, items):
    urge(world, items, "请于本周内报送进展。")
    letter = UrgeLetter.objects.get()
    text = words(services.urge_letter_file(letter=letter, actor=world.county_officer))
    assert "关于抓紧办理巡察整改事项的催办函" in text.replace("\n", "")
    assert "青义镇党委：" in text
    assert "请于本周内报送进展。" in text
    assert str(letter) in text
    for one in items:
        assert one.number in text
        assert one.finding.title in text
    assert AuditEvent.objects.filter(action="download", object_id=str(letter.pk)).count() == 1


def test_a_refused_urging_leaves_no_letter(world, items):
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        services.urge_items(items=items, actor=world.other_county_officer, text="x")
    assert not UrgeLetter.objects.exists()


@pytest.mark.parametrize("model", [UrgeLetter, UrgeLine])
def test_a_letter_is_never_changed(world, items, model):
    urge(world, items)
    row = model.objects.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(day="2020-01-01")


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("county_officer", 200),
        ("city_officer", 200),
        ("township_secretary", 200),
        ("discipline_officer", 200),
        ("sibling_township_secretary", 404),
        ("other_county_officer", 404),
        ("village_secretary", 403),
    ],
)
def test_who_reads_a_letter(world, items, signed_in, name, status):
    urge(world, items)
    letter = UrgeLetter.objects.get()
    client = signed_in(getattr(world, name))
    assert client.get(f"/rectification/letters/{letter.pk}/").status_code == status
    page = client.get("/rectification/letters/")
    assert page.status_code == (403 if status == 403 else 200)
    assert (str(letter) in page.content.decode()) == (status == 200)


def test_the_list_takes_as_many_statements_at_one_row_as_at_three(world, items, signed_in):
    client = signed_in(world.county_officer)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            client.get("/rectification/letters/")
        return len(captured)

    urge(world, items[:1])
    statements()
    one = statements()
    urge(world, items[1:2])
    urge(world, items[2:])
    assert statements() == one <= 10
