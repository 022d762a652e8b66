"""Where no tenant's app can be asked yet."""

from drumbeat.application.send_ports import StepRequest
from drumbeat.domain.sequence import Sender
from drumbeat.domain.verdict import Retry


class Unconnected:
    """Asks nobody: every request is put off."""

    def ask(self, app: Sender, request: StepRequest) -> Retry:
        """Hands nothing over."""
        return Retry(f"nobody asks sender {app.number} for step {request.enrollment.step + 1}")
