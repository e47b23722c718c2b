"""How a run, and the vault as it is, are told: as lines and tables to people, else as JSON."""
