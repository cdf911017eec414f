"""From paths to a ledger and a database that hold the same."""
