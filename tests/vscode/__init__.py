"""The extension in the real VS Code (code-server, driven by a headless Chromium)."""
