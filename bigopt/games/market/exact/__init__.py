"""Part of the wing."""
