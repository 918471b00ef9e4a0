"""Certificates of subset games: from the game and the point alone, by other algorithms than the answers'."""
