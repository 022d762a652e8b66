"""Where Lambda comes in: HTTP, queue and timer."""
