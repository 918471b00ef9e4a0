"""The certificates of the RLHF game, from the game and the point alone."""
