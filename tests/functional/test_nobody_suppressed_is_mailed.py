"""However an address comes in, and whenever it is suppressed before the content of a mail: nothing is sent to it."""

import pytest

from tests.cadences import EMAIL, cadence, enrol, enrolled, inbox, new_client, relinked
from tests.stage import recipients
from tests.world import CREDENTIAL, imported, new_tenant, people, started

STOPPED = "p0@corp.example"
OTHER = "p1@corp.example"


class Office:
    """A tenant with a campaign that sends through the server; its second contact is nobody's business here."""

    def __init__(self, stage, server):
        self.stage, self.server, self.caller = stage, server, new_tenant()
        credential = CREDENTIAL | {"smtp_port": server.port}
        self.campaign = started(self.caller, smtp_credentials=[credential], min_wait_seconds=0, max_wait_seconds=0)

    def suppress(self):
        assert self.caller("suppress", {"emails": [STOPPED]}, group="drumbeat").body["suppressed"] == 1

    def import_all(self):
        made = imported(self.caller, people(2))
        return made, self.caller("list_contact_import_contacts", import_id=made).body

    def enrol(self, made):
        self.caller("enroll", {"contact_import_id": made}, campaign_id=self.campaign)

    def dispatch(self):
        assert self.caller("dispatch_campaign", campaign_id=self.campaign).status == 200


def imported_afterwards(office):
    office.suppress()
    office.enrol(office.import_all()[0])
    office.dispatch()


def enrolled_afterwards(office):
    made, _ = office.import_all()
    office.suppress()
    office.enrol(made)
    office.dispatch()


def enrolled_alone_afterwards(office):
    made, (contact, _) = office.import_all()
    office.suppress()
    answer = office.caller("enroll_contact", {"contact_id": contact["id"]}, campaign_id=office.campaign)
    assert (answer.status, answer.body["code"]) == (422, "unprocessable")
    office.enrol(made)
    office.dispatch()


def suppressed_before_the_dispatch(office):
    office.enrol(office.import_all()[0])
    office.suppress()
    office.dispatch()


def suppressed_between_hint_and_claim(office):
    office.enrol(office.import_all()[0])
    office.dispatch()
    office.stage.tick()
    office.suppress()


def suppressed_between_claim_and_content(office):
    office.enrol(office.import_all()[0])
    office.dispatch()
    office.server.meanwhile("rcpt", office.suppress)


def moved_to_the_address(office):
    made = imported(office.caller, [{"email": "old@corp.example"}, {"email": OTHER}])
    contact, _ = office.caller("list_contact_import_contacts", import_id=made).body
    office.enrol(made)
    office.suppress()
    changed = {"contact": {"email": STOPPED}}
    assert office.caller("update_contact", changed, contact_id=contact["id"]).status == 200
    office.dispatch()


def imported_again_after_it_was_deleted(office):
    _, (contact, _) = office.import_all()
    office.suppress()
    assert office.caller("delete_contact", contact_id=contact["id"]).status == 204
    office.enrol(imported(office.caller, [{"email": STOPPED}]))
    office.enrol(imported(office.caller, [{"email": "p2@corp.example"}]))
    office.dispatch()


def taken_off_for_the_recipient_and_suppressed_again(office):
    office.suppress()
    body = {"emails": [STOPPED], "recipientAsked": True}
    assert office.caller("unsuppress", body, group="drumbeat").body["removed"] == [0]
    office.enrol(office.import_all()[0])
    office.suppress()
    office.dispatch()


WAYS = (
    imported_afterwards,
    enrolled_afterwards,
    enrolled_alone_afterwards,
    suppressed_before_the_dispatch,
    suppressed_between_hint_and_claim,
    suppressed_between_claim_and_content,
    moved_to_the_address,
    imported_again_after_it_was_deleted,
    taken_off_for_the_recipient_and_suppressed_again,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_suppressed_address_is_not_mailed(stage, server, way):
    way(Office(stage, server))
    stage.run(minutes=5)

    assert STOPPED not in recipients(server)
    assert recipients(server)  # others are


def lead(client, server):
    return cadence(client, steps=[EMAIL | {"delayDays": 1}]), inbox(client, server.port)


@pytest.mark.parametrize("suppressed_first", [True, False])
@pytest.mark.parametrize("is_relinked", [True, False])
def test_nor_is_a_lead_of_a_cadence_whether_it_had_the_address_or_was_relinked_to_it(
    stage, server, is_relinked, suppressed_first
):
    client = new_client()
    cadence_id, inbox_id = lead(client, server)

    def suppress():
        assert client.others("suppress", {"emails": [STOPPED]}, group="drumbeat").status == 200

    if suppressed_first:
        suppress()
    first = "old@corp.example" if is_relinked else STOPPED
    made = enrol(client, cadence_id, leadExternalId="crm-1", leadEmail=first, inboxId=inbox_id)
    if is_relinked:
        row = made.body["enrollment"]["id"]
        relinked(client, cadence_id, {"enrollmentId": row, "leadEmail": STOPPED}, retry_now=True)
    if not suppressed_first:
        suppress()
    enrolled(client, cadence_id, "crm-2", leadEmail=OTHER, inboxId=inbox_id)
    stage.now += 24 * 60 * 60 * 1000
    stage.run(minutes=5)

    assert STOPPED not in recipients(server)
    assert OTHER in recipients(server)
