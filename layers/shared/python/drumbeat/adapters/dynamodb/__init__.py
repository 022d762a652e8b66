"""The stores on the one table."""
