"""The resolver: its parts with stand-ins for the tools; in `real` with the tools themselves."""
