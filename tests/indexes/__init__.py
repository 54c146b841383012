"""Real index software on loopback, and the public index where this machine reaches it."""
