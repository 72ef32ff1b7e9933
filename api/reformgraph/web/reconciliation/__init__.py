"""The reconciliation API: batches read, answers shaped."""
