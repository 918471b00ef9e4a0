"""Checked arrays, and exact decimals and rationals."""
