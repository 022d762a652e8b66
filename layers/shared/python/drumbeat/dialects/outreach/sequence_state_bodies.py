"""What is asked for where somebody is added to a sequence (contract 1.6 and 1.7)."""

from drumbeat.dialects.outreach.bodies import document_model
from drumbeat.dialects.outreach.sequence_states import SEQUENCE_STATES

CreateSequenceState = document_model(
    "CreateSequenceState", SEQUENCE_STATES, {}, required=("prospect", "sequence", "mailbox")
)
