"""The webhook beside the e-mail: only to allowed hosts, signed, and neither holds up the other (E7)."""

import hashlib
import hmac
import json

import pytest

from common import channels, inbox, outbox
from common.checks import the_webhook_is_allowed
from common.models import Delivery, Message

URL = "https://oa.example.gov.cn/hook?k=1"


class Server:
    """What stands in for the connection: answers with `status` and keeps what it got."""

    def __init__(self, status=200, away=False):
        self.status, self.away, self.got, self.hosts = status, away, [], []

    def __call__(self, host, port, **options):
        self.hosts.append((host, port))
        return self

    def connect(self):
        if self.away:
            raise ConnectionRefusedError

    def close(self):
        pass

    def request(self, method, path, body, headers):
        self.got.append((method, path, json.loads(body), headers, body))

    def getresponse(self):
        return self

    def read(self, size):
        return b""


@pytest.fixture
def hooked(settings, monkeypatch):
    """hooked(status=500) → the server; the address is configured and allowed."""
    settings.WEBHOOK_URL, settings.WEBHOOK_HOSTS = URL, ["oa.example.gov.cn"]

    def serve(**how):
        server = Server(**how)
        monkeypatch.setattr(channels.http.client, "HTTPSConnection", server)
        return server

    return serve


def post(*people):
    return inbox.post(
        recipients=people, kind=Message.Kind.NOTICE, key="k", title="请签收", body="正文", path="/rectification/"
    )


def statuses():
    return dict(Delivery.objects.values_list("channel", "status"))


def test_without_an_address_only_e_mail_goes_out(world):
    post(world.township_secretary)
    assert statuses() == {"EMAIL": "PENDING"}


def test_with_an_address_each_message_goes_both_ways_once(world, hooked, mailoutbox):
    server = hooked()
    post(world.township_secretary)
    assert outbox.dispatch()["sent"] == 2
    assert outbox.dispatch()["sent"] == 0
    assert (len(mailoutbox), len(server.got)) == (1, 1)
    method, path, content, _headers, _body = server.got[0]
    assert (method, path, server.hosts) == ("POST", "/hook?k=1", [("oa.example.gov.cn", 443)])
    assert (content["to"], content["title"]) == ("township_secretary", "请签收")
    assert "正文" not in content["text"]


def test_whoever_has_no_address_of_e_mail_is_told_by_the_webhook(world, hooked):
    hooked()
    person = world.township_secretary
    type(person).objects.filter(pk=person.pk).update(email="")
    post(person)
    assert statuses() == {"WEBHOOK": "PENDING"}
    assert outbox.dispatch()["sent"] == 1


def test_a_webhook_that_is_away_holds_up_no_e_mail_and_costs_no_attempt(world, hooked, mailoutbox):
    hooked(away=True)
    post(world.township_secretary)
    counts = outbox.dispatch()
    assert (counts["sent"], counts["unreachable"]) == (1, 1)
    assert statuses() == {"EMAIL": "SENT", "WEBHOOK": "PENDING"}
    assert Delivery.objects.get(channel="WEBHOOK").attempts == 0


def test_an_answer_that_is_no_success_is_tried_again_later(world, hooked):
    hooked(status=302)
    post(world.township_secretary)
    assert outbox.dispatch()["failed"] == 1
    row = Delivery.objects.get(channel="WEBHOOK")
    assert (row.status, row.attempts, row.error) == ("PENDING", 1, "OSError: webhook answered 302")


def test_the_id_is_the_same_at_every_attempt(world, hooked):
    server = hooked()
    post(world.township_secretary)
    for _attempt in range(2):
        Delivery.objects.update(status="PENDING", sent_at=None)
        outbox.dispatch()
    assert server.got[0][2]["id"] == server.got[1][2]["id"]


def test_the_body_is_signed(world, hooked, settings):
    settings.WEBHOOK_SECRET = "geheim"
    server = hooked()
    post(world.township_secretary)
    outbox.dispatch()
    *_rest, headers, body = server.got[0]
    assert headers["X-Xuncha-Signature"] == "sha256=" + hmac.new(b"geheim", body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    "url",
    [
        "http://oa.example.gov.cn/hook",
        "https://169.254.169.254/latest",
        "https://oa.example.gov.cn.evil.example/hook",
        "https://oa.example.gov.cn@evil.example/hook",
        "https://name:word@oa.example.gov.cn/hook",
        "file:///etc/passwd",
    ],
)
def test_an_address_off_the_list_is_never_called(world, hooked, settings, url):
    server = hooked()
    settings.WEBHOOK_URL = url
    post(world.township_secretary)
    outbox.dispatch()
    assert (server.hosts, server.got) == ([], [])
    assert statuses()["WEBHOOK"] == "PENDING"
    assert the_webhook_is_allowed(None)[0].id == "common.E003"


def test_an_allowed_address_passes_the_check(hooked):
    assert the_webhook_is_allowed(None) == []
