"""Exact algorithms on conversations: integers over common denominators, never floats before the last step."""
