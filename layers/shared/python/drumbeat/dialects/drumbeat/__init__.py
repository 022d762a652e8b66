"""What is ours alone, under /drumbeat/v1: problem details (RFC 9457), our own words."""
