"""Every function, handed its sample over prepared data and with no environment but its own, does what it is for."""

import importlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes

import pytest
from moto import mock_aws
from standardwebhooks.webhooks import Webhook

from drumbeat.entrypoints import clock
from tests import world
from tests.imap_server import ImapServer
from tests.memory.boto import keep_tables_in_memory
from tests.scripted_smtp import ScriptedServer
from tests.scripted_web import ScriptedWebServer
from tools.samples.effects import effect_differences
from tools.samples.events import moved
from tools.samples.mailings import MAILBOX, MAILBOX_PASSWORD
from tools.samples.outcomes import differences, expected, outcomes
from tools.samples.prepared import Hosts, prepare
from tools.samples.receivers import SECRET_OF_RECEIVERS
from tools.samples.stack import Saved, environment_of, make_stack, restore, snapshot
from tools.template import Function, functions

BY_NAME = {function.name: function for function in functions()}


@dataclass
class Prepared:
    """The stack with its prepared data, and the servers outside."""

    made: Mapping[str, str]
    saved: Saved
    mails: ScriptedServer
    boxes: ImapServer
    web: ScriptedWebServer

    def outcome_of(self, function: Function) -> list[str]:
        """Has the function handle its sample on restored data; how that differs from what is written down."""
        restore(self.saved)
        own = environment_of(function, self.made)
        handler = importlib.import_module(f"functions.{function.name.replace('/', '.')}").handler
        with pytest.MonkeyPatch.context() as patch:
            for name in self.made.keys() - own.keys():
                patch.delenv(name)
            for name, value in own.items():
                patch.setenv(name, value)
            world.forget_everything()
            answer = handler(
                moved(function.sample, clock.now()), world.Context(remaining=1_000 * function.timeout - 1_000)
            )
        world.forget_everything()
        outcome = expected(function.name)
        return [*differences(outcome, answer), *effect_differences(outcome)]


@pytest.fixture(scope="module")
def prepared() -> Iterator[Prepared]:
    with (
        mock_aws(),
        pytest.MonkeyPatch.context() as patch,
        ScriptedServer() as mails,
        ImapServer(MAILBOX) as boxes,
        ScriptedWebServer() as web,
    ):
        keep_tables_in_memory(patch)
        made = make_stack()
        for name, value in made.items():
            patch.setenv(name, value)
        world.forget_everything()
        boxes.set_password(MAILBOX_PASSWORD)
        here = "127.0.0.1"
        prepare(Hosts((here, mails.port), (here, boxes.port), f"http://{here}:{web.port}"), clock.now())
        yield Prepared(made, snapshot(), mails, boxes, web)
    world.forget_everything()


@pytest.mark.parametrize("name", outcomes())
def test_a_sample_comes_to_what_is_written_down(prepared: Prepared, name: str):
    assert prepared.outcome_of(BY_NAME[name]) == []


def test_the_mails_of_the_sample_have_left(prepared: Prepared):
    prepared.mails.taken.clear()

    prepared.outcome_of(BY_NAME["workers/send_step"])

    mails = sorted((message_from_bytes(mail) for mail in prepared.mails.taken), key=lambda mail: mail["To"])
    assert [(mail["To"], mail["Subject"]) for mail in mails] == [
        ("p10@corp.example", "Hello P10"),
        ("p11@corp.example", "Hello P11"),
    ]
    assert {mail["From"] for mail in mails} == {"Ada Lovelace <letters@example.com>"}


def test_the_test_mail_of_the_sample_has_left(prepared: Prepared):
    prepared.mails.taken.clear()

    prepared.outcome_of(BY_NAME["ampout/test_send"])

    (mail,) = map(message_from_bytes, prepared.mails.taken)
    assert mail["To"] == "grace@example.org"


def test_the_events_of_the_sample_were_posted_as_they_stand_and_signed(prepared: Prepared):
    prepared.web.asked.clear()

    prepared.outcome_of(BY_NAME["workers/deliver_webhook"])

    asked = {asked.line.split()[1]: asked for asked in prepared.web.asked}
    assert sorted(asked) == ["/app", "/hooks"]
    for post in asked.values():
        Webhook(SECRET_OF_RECEIVERS).verify(post.body, dict(post.headers.items()))
    assert json.loads(asked["/hooks"].body)["type"] == "enrollment.replied"


def test_a_function_has_no_variable_that_the_template_does_not_give_it(prepared: Prepared):
    """As the ones that a handler reads and the template forgets must be missing here too."""
    given = {function.name: environment_of(function, prepared.made) for function in BY_NAME.values()}

    assert all(own.keys() == BY_NAME[name].environment.keys() for name, own in given.items())
    assert "SENDER_KEY_ID" not in given["timers/dispatch_due"]
    assert given["workers/send_step"]["SENDER_KEY_ID"] == prepared.made["SENDER_KEY_ID"]
