"""Scheduled call sequences as 11x's Julian has them (contract 4)."""
