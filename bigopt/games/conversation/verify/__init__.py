"""Certificates of answers on conversations, from the game and the point alone."""
