"""A fortnight's progress as a workbook, in the browser: down, up, previewed, confirmed or given up (E6, H5)."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from rectification.models import ProgressSheet
from tests.rectification.test_progress_sheets import filled


def posted(client, book):
    file = io.BytesIO()
    book.save(file)
    return client.post("/rectification/progress/", {"file": SimpleUploadedFile("进展.xlsx", file.getvalue())})


def test_down_up_previewed_confirmed_in_the_browser(world, item, signed_in):
    client = signed_in(world.township_secretary)
    down = client.get("/rectification/progress/download/")
    book = load_workbook(io.BytesIO(down.content))
    places = {cell.value: cell.column for cell in book.worksheets[0][3]}
    book.worksheets[0].cell(4, places["本次进展"]).value = "已公示七天。"
    response = posted(client, book)
    sheet = ProgressSheet.objects.get()
    assert response.headers["Location"] == sheet.get_absolute_url()
    assert "确认上报 1 件" in client.get(sheet.get_absolute_url()).content.decode()
    client.post(f"{sheet.get_absolute_url()}confirm/", {"sha256": sheet.sha256, "proxy_reason": "ENTRUSTED"})
    assert item.reports.count() == 1
    assert "已全部上报" in client.get(sheet.get_absolute_url()).content.decode()


def test_a_bad_file_says_why_on_the_page(world, item, signed_in):
    client = signed_in(world.township_secretary)
    response = client.post("/rectification/progress/", {"file": SimpleUploadedFile("x.xlsx", b"nothing")})
    assert response.status_code == 422
    assert "不是 .xlsx 工作簿" in response.content.decode()


def test_giving_up_leaves_nothing(world, item, signed_in):
    sheet = filled(world.township_secretary)
    signed_in(world.township_secretary).post(f"{sheet.get_absolute_url()}discard/")
    sheet.refresh_from_db()
    assert sheet.discarded_at
    assert not sheet.rows.exists()


def test_a_preview_of_another_is_not_found(world, item, signed_in):
    sheet = filled(world.township_secretary)
    client = signed_in(world.township_officer)
    assert client.get(sheet.get_absolute_url()).status_code == 404
    assert client.post(f"{sheet.get_absolute_url()}confirm/", {"sha256": sheet.sha256}).status_code == 404


def test_refused_rows_are_downloaded_with_their_reasons(world, item, signed_in):
    sheet = filled(world.township_secretary, 校验码="x")
    response = signed_in(world.township_secretary).get(f"{sheet.get_absolute_url()}refused/")
    assert load_workbook(io.BytesIO(response.content)).worksheets[0].max_row == 4


def test_no_refused_rows_no_file(world, item, signed_in):
    sheet = filled(world.township_secretary)
    assert signed_in(world.township_secretary).get(f"{sheet.get_absolute_url()}refused/").status_code == 409


def test_the_page_of_uploads_takes_as_many_statements_at_one_row_as_at_three(world, item, signed_in):
    client = signed_in(world.township_secretary)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/rectification/progress/").status_code == 200
        return len(captured)

    filled(world.township_secretary)
    statements()
    one = statements()
    filled(world.township_secretary)
    filled(world.township_secretary)
    assert statements() == one <= 12
