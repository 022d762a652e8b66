"""A campaign that was made elsewhere and has no steps yet is shown like any other, and takes nobody."""

from drumbeat import bootstrap
from drumbeat.application.sequence_settings import create_bare_sequence
from drumbeat.domain.ids import Kind, resource_uuid
from tests.contract.scene import tenant_of
from tests.world import imported, people

NOW = 1_795_251_600_000


def _bare(tenant):
    """The id of a campaign without steps."""
    ports = bootstrap.settings_ports()
    made = create_bare_sequence(ports, tenant=tenant, name="Bare", wanted=lambda bare: bare, intent=None, now=NOW)
    return resource_uuid(Kind.SEQUENCE, tenant, made.number)


def test_a_campaign_without_steps_is_shown(caller):
    spelled = _bare(tenant_of(caller))

    assert [row["id"] for row in caller("list_campaigns").body] == [spelled]
    shown = caller("get_campaign", campaign_id=spelled).body
    assert (shown["status"], shown["sequence_steps"], shown["smtp_credentials"]) == ("pending", [], [])


def test_nobody_is_enrolled_where_there_is_nothing_to_send(caller):
    spelled, contacts = _bare(tenant_of(caller)), imported(caller, people(1))
    contact = caller("list_contact_import_contacts", import_id=contacts).body[0]["id"]

    one = caller("enroll_contact", {"contact_id": contact}, campaign_id=spelled)
    all_of_them = caller("enroll", {"contact_import_id": contacts}, campaign_id=spelled)

    assert [one.status, all_of_them.status] == [422, 422]
    assert caller("list_enrollments", campaign_id=spelled).body == []
