"""What a ``pyproject.toml`` means: its tables as typed views, every dependency as one type."""
