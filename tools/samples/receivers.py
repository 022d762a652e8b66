"""Who is told of events: endpoint 3 of the tenant, connector 7 of its app, and what was or is to be posted to them."""

from drumbeat import bootstrap, bootstrap_webhooks
from drumbeat.domain.notice import Receiver
from drumbeat.domain.sequence import Sender, SenderKind
from drumbeat.domain.times import DAY, MINUTE
from drumbeat.domain.webhook_delivery import Attempt, Delivery, DeliveryState
from drumbeat.domain.webhook_endpoint import WebhookEndpoint
from tools.samples.prepared import TENANT, Hosts

ENDPOINT, CONNECTOR = 3, 7
SECRET_OF_RECEIVERS = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="  # noqa: S105 - of nobody
TAKEN, WAITING = "evt_0mwq6g8000a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a", "evt_0mwq6g8000b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"


def prepare_receivers(hosts: Hosts, now: int) -> None:
    """Both listen on the web server; of the endpoint's deliveries one was taken, one is to be posted again."""
    begun = now - 20 * DAY
    vault = bootstrap.vault()
    sealed = {number: vault.seal(SECRET_OF_RECEIVERS, tenant=TENANT, sender=number) for number in (ENDPOINT, CONNECTOR)}
    endpoint = WebhookEndpoint(TENANT, ENDPOINT, f"{hosts.web}/hooks", ("*",), sealed[ENDPOINT], begun)
    bootstrap_webhooks.endpoints().change(TENANT, lambda seen: (*seen, endpoint), resume=None, now=begun)
    place = ("app", f"{hosts.web}/app", 0, "", sealed[CONNECTOR], "", "", 0, begun)
    app = Sender(TENANT, CONNECTOR, None, *place, kind=SenderKind.CONNECTOR)
    bootstrap.sequences().create_sender(app, intent=None, now=begun)
    _deliveries(now)


def _deliveries(now: int) -> None:
    receiver = Receiver(TENANT, ENDPOINT, is_endpoint=True)
    at = now - 30 * MINUTE
    taken = Delivery(receiver, TAKEN, "enrollment.sent", at, DeliveryState.DELIVERED, at, 1, (Attempt(at, 204, None),))
    waiting = Delivery(
        receiver,
        WAITING,
        "enrollment.replied",
        at,
        due=now - MINUTE,
        tries=2,
        attempts=(Attempt(at, 503, "status 503"), Attempt(at + MINUTE, None, "timed out")),
        body='{"type": "enrollment.replied"}',
    )
    bootstrap_webhooks.deliveries().save([(None, taken), (None, waiting)], at - DAY)
