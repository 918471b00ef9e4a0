"""The continuous Battling Influencers Game: equilibria, dominant actions, dynamics."""
