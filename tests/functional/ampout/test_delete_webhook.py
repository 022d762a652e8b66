"""DELETE /webhooks/{webhook_id}"""

import pytest

from drumbeat import bootstrap
from drumbeat.adapters.dynamodb import keys
from drumbeat.domain.notice import CareHint
from tests.contract.scene import tenant_of
from tests.posting import PostRoom, news, receiver_of_id


def test_it_is_gone_at_once_and_its_deliveries_soon(caller):
    made = caller("create_webhook", {"webhook": {"url": "http://127.0.0.1:9/"}}).body["id"]
    receiver = receiver_of_id(tenant_of(caller), made)
    room = PostRoom()
    room.work(*(news(receiver, place) for place in range(3)))

    assert caller("delete_webhook", webhook_id=made).status == 204
    assert caller("list_webhooks").body == []
    assert caller("list_webhook_deliveries", webhook_id=made).status == 404
    room.now += 10**10
    room.tick()
    room.deliver()
    assert list(bootstrap.table().items(keys.deliveries(receiver.tenant, receiver.number))) == []


def test_what_is_on_its_way_to_it_is_dropped(caller):
    made = caller("create_webhook", {"webhook": {"url": "http://127.0.0.1:9/"}}).body["id"]
    receiver = receiver_of_id(tenant_of(caller), made)
    caller("delete_webhook", webhook_id=made)

    (told,) = PostRoom().work(news(receiver)).values()
    assert told.outcome == "unwanted"


@pytest.mark.parametrize(("count", "size"), [(450, 1), (150, 10_000)])
def test_however_much_was_posted_to_it(caller, count, size):
    made = caller("create_webhook", {"webhook": {"url": "http://127.0.0.1:9/"}}).body["id"]
    receiver = receiver_of_id(tenant_of(caller), made)
    for place in range(count):
        partition, sort = keys.delivery(receiver.tenant, receiver.number, f"evt_{place}")
        bootstrap.table().put({"PK": partition, "SK": sort, "body": "x" * size})
    caller("delete_webhook", webhook_id=made)

    room = PostRoom()
    room.work(CareHint(receiver))
    room.deliver()
    assert list(bootstrap.table().items(keys.deliveries(receiver.tenant, receiver.number))) == []
