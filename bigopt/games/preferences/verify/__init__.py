"""Certificates, from the game and the point alone."""
