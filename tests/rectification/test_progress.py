import io
import uuid
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from common import audit, files
from common.errors import Conflict
from common.files import kept, path_of
from rectification import services
from rectification.models import Attachment, ProgressReport
from tests.factories import rectification as make


def office(*names, content=b"x"):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, content)
    return data.getvalue()


DOCX, XLSX = office("word/document.xml"), office("xl/workbook.xml")


def upload(name, content):
    return SimpleUploadedFile(name, content)


def report(item, actor, *files, **fields):
    values = {"proxy_reason": "ENTRUSTED"} | fields
    return services.report_progress(item=item, actor=actor, text="已公示七天。", files=files, **values)


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.PRIVATE_MEDIA_ROOT = tmp_path


def test_the_village_reports_in_its_own_name(world, item):
    assert report(item, world.village_secretary).is_proxy is False


def test_a_report_of_the_township_is_marked_as_proxy(world, item):
    made = report(item, world.township_officer, proxy_reason="NO_SIGNAL")
    assert (made.is_proxy, made.proxy_for, made.get_proxy_reason_display()) == (
        True,
        item.village.division,
        "村里网络不便",
    )


@pytest.mark.parametrize("reason", ["", "BORED"])
def test_a_township_says_why_it_reports_for_the_village(world, item, reason):
    with pytest.raises(ValidationError, match="代村填报的原因"):
        report(item, world.township_officer, proxy_reason=reason)
    assert not item.reports.exists()


def test_for_whom_and_why_is_in_the_trail(world, item):
    report(item, world.township_officer)
    (event,) = audit.history(item).filter(action="report")
    assert event.actor == world.township_officer
    assert event.changes["proxy_for"][1] == item.village.division.name
    assert event.changes["proxy_reason"][1] == "受村党组织委托"


def test_the_item_page_says_who_reported_for_whom_and_why(world, item, signed_in):
    report(item, world.township_officer, proxy_reason="AWAY")
    page = signed_in(world.county_officer).get(item.get_absolute_url()).content.decode()
    assert f"代{item.village.division.short_name}填报" in page
    assert "村党组织负责人外出或空缺" in page


def test_the_form_asks_the_township_alone_for_the_reason(world, item, signed_in):
    url = f"{item.get_absolute_url()}report/"
    assert 'name="proxy_reason"' not in signed_in(world.village_secretary).get(url).content.decode()
    township = signed_in(world.township_officer)
    assert 'name="proxy_reason"' in township.get(url).content.decode()
    assert township.post(url, {"text": "已公示。"}).status_code == 422
    assert township.post(url, {"text": "已公示。", "proxy_reason": "NO_ACCOUNT"}).status_code == 302


def test_nobody_else_reports(world, item, let_through):
    mine = ["township_secretary", "township_officer", "village_secretary"]
    assert let_through(lambda user: report(item, user, make.photo()), except_for=mine) == set()
    assert not ProgressReport.objects.exists()
    assert not list(kept())


def test_no_report_before_acceptance(world, assigned):
    with pytest.raises(Conflict):
        report(assigned, world.village_secretary)


def test_no_report_after_submission(world, submitted):
    with pytest.raises(Conflict):
        report(submitted, world.village_secretary)


def test_an_empty_text_is_refused(world, item):
    with pytest.raises(ValidationError, match="写明"):
        services.report_progress(item=item, actor=world.village_secretary, text=" ")


def test_a_form_sent_twice_is_one_report(world, item):
    key = uuid.uuid4()
    first, second = (report(item, world.village_secretary, make.photo(), key=key) for _ in range(2))
    assert first == second
    assert Attachment.objects.count() == 1
    assert len(list(kept())) == 1


def test_measures_are_finished_with_the_report(world, item):
    report(item, world.village_secretary, finished=[item.measures.first()])
    assert [bool(one.done_on) for one in item.measures.all()] == [True, False]


def test_the_file_lies_under_a_random_name_with_its_fingerprint(world, item):
    report(item, world.village_secretary, make.photo("公示.jpg"))
    row = Attachment.objects.get()
    assert row.name == "公示.jpg"
    assert "公示" not in str(path_of(row.pk))
    assert path_of(row.pk).read_bytes() == make.JPEG
    assert len(row.sha256) == 64


def test_no_file_is_left_when_the_rows_are_refused(world, item, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("database away")

    monkeypatch.setattr("rectification.services.progress.audit.record", refuse)
    with pytest.raises(RuntimeError):
        report(item, world.village_secretary, make.photo())
    assert not list(kept())
    assert not ProgressReport.objects.exists()


def test_no_row_is_left_when_the_disk_is_full(world, item, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        report(item, world.village_secretary, make.photo())
    assert not list(kept())
    assert not Attachment.objects.exists()


def test_a_nearly_full_disk_refuses_uploads(world, item, monkeypatch):
    usage = type("Usage", (), {"free": 10, "total": 1000})
    monkeypatch.setattr(files.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(ValidationError, match="存储空间不足"):
        report(item, world.village_secretary, make.photo())


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.jpg", make.JPEG, "image/jpeg"),
        ("a.JPEG", make.JPEG, "image/jpeg"),
        ("a.png", make.PNG, "image/png"),
        ("a.pdf", make.PDF, "application/pdf"),
        ("a.docx", DOCX, files.DOCX),
        ("a.xlsx", XLSX, files.XLSX),
    ],
)
def test_accepted_types_are_known_by_their_content(name, content, kind):
    assert files.check_files([upload(name, content)])[0].content_type == kind


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.jpg", b"<html><script>alert(1)</script>", "只能上传"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "只能上传"),
        ("a.exe", b"MZ" + b"\0" * 80, "只能上传"),
        ("a.gif", b"GIF89a" + b"\0" * 80, "只能上传"),
        ("报告.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 80, "另存为"),
        ("a.heic", b"\0\0\0\x18ftypheic" + b"\0" * 80, "JPG"),
        ("a.zip", office("photo.jpg"), "解压"),
        ("a.docx", office("word/document.xml", "word/vbaProject.bin"), "宏"),
        ("a.docx", b"PK\x03\x04 not a zip", "损坏"),
        ("a.pdf.exe", make.PDF, "扩展名"),
        ("a.pdf", make.JPEG, "扩展名"),
        ("a.docx", XLSX, "扩展名"),
        ("a.jpg", b"", "空"),
    ],
)
def test_everything_else_is_refused_with_the_remedy(name, content, why):
    with pytest.raises(ValidationError, match=why):
        files.check_files([upload(name, content)])


def test_a_file_over_the_limit_is_refused(settings):
    settings.MAX_UPLOAD_MB = 1
    with pytest.raises(ValidationError, match="超过 1 MB"):
        files.check_files([upload("a.jpg", make.JPEG + b"\0" * 1024 * 1024)])


def test_too_many_files_are_refused():
    with pytest.raises(ValidationError, match="最多"):
        files.check_files([make.photo()] * 11)


def test_every_refused_file_is_named():
    with pytest.raises(ValidationError) as caught:
        files.check_files([upload("甲.gif", b"GIF89a..........."), make.photo(), upload("乙.txt", b"text" * 10)])
    assert [text[:4] for text in caught.value.messages] == ["“甲.g", "“乙.t"]


@pytest.mark.parametrize(
    ("given", "kept_name"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\temp\\a.jpg", "a.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie: x.jpg"),
        ("照片\u202egpj.jpg", "照片gpj.jpg"),
        ("a" * 300 + ".jpg", "a" * 116 + ".jpg"),
        ("", "未命名"),
    ],
)
def test_names_are_made_safe(given, kept_name):
    assert files.safe_name(given) == kept_name
