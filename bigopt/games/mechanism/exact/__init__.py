"""Exact algorithms of the RLHF game."""
