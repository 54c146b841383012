"""Real editors, without a screen, with the configuration that the README shows."""
