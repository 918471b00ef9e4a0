"""bigopt: equilibria of AI-alignment games, stated as Pyomo models, solved with open solvers, and proved."""
