"""Drumbeat: an outreach sequencer over one engine and several dialects."""
