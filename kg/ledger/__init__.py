"""The ledger: claims on disk, one Parquet file a source, and a manifest that is swapped last."""
