"""The only disk: an append-only ledger in SQLite, the due index folded from it, and what is read back."""
