"""The kinds of games, a wing each."""
