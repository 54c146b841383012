"""Package indexes: the edge that answers what analysis wants to know of packages.

Everything here runs outside the thread that serves the editor. What arrives is untrusted: sizes are
bounded, versions are judged by `packaging`, and no text is believed to be harmless.
"""
