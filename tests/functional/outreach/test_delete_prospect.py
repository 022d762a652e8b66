"""DELETE /api/v2/prospects/{id}"""

from tests.functional.outreach.documents import contact_id, made


def test_it_is_gone_here_and_at_ampout_and_its_addresses_are_free(call):
    number = made(call, "prospect", emails=["a@acme.example", "b@acme.example"])
    spelled = contact_id(call, number)

    answer = call("delete_prospect", id=str(number))

    assert (answer.status, answer.body) == (204, None)
    assert call("get_prospect", id=str(number)).status == 404
    assert call.func("get_contact", contact_id=spelled).status == 404
    made(call, "prospect", emails=["b@acme.example", "a@acme.example"])


def test_what_ampout_deletes_is_no_prospect_any_more(call):
    number = made(call, "prospect", emails=["a@acme.example", "b@acme.example"])

    assert call.func("delete_contact", contact_id=contact_id(call, number)).status in {200, 204}

    assert call("get_prospect", id=str(number)).status == 404
    made(call, "prospect", emails=["b@acme.example"])


def test_a_suppressed_address_stays_suppressed(call):
    number = made(call, "prospect", emails=["a@acme.example"])
    call.func("suppress", {"emails": ["a@acme.example"]}, group="drumbeat")
    call("delete_prospect", id=str(number))

    again = made(call, "prospect", emails=["a@acme.example"])

    assert call("get_prospect", id=str(again)).body["data"]["attributes"]["optedOut"] is True


def test_whoever_is_not_there_is_not_found(call, other):
    number = made(call, "prospect", firstName="Ada")

    assert other("delete_prospect", id=str(number)).status == 404
    assert call("delete_prospect", id="99").status == 404
    assert call("get_prospect", id=str(number)).status == 200
    assert [call("delete_prospect", id=str(number)).status for _ in range(2)] == [204, 404]
