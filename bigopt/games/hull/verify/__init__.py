"""Certificates of fits and audits, from the table alone."""
