"""What an editor can do with a snapshot: pure functions with results of our own types."""
