"""The shapes of the tables: which keys there are and what may stand behind them.

The one description that validation, completion and hover share: `shapes` is the vocabulary,
`standard` and `poetry` are the tables, `validate` holds a tree against them.
"""
