"""The same projection on a Spark cluster: from a ledger to the files of Neo4j's importer.

    python -m kg.pipeline.spark LEDGER FOLDER [--parts 64] [--master 'local[*]']
    spark-submit --py-files kg.zip $(python -c 'import kg.pipeline.spark as s; print(s.__file__)') …

The driver makes the first pass, in slim columns of all rows; the ledger's Parquet is read by the
cluster, repartitioned so that all rows of an entity come to one task, and each task projects its
rows with `Shared.part`, as a build on one machine does with its parts. What they make comes back as
files, one at a time, to the machine that will import them. Extra `spark`; docs/cluster.md.
"""

from __future__ import annotations

import argparse
import os
import pickle
import sys
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from kg.base.errors import UsageError
from kg.base.settings import to_install
from kg.claims.columns import STATEMENTS
from kg.exports.kit.report import ExportReport
from kg.exports.neo4j_admin import Csv, files_of, separator_for, write
from kg.graph.parts import ROWS, Shared, subjects
from kg.ledger.ledger import Ledger
from kg.ontology import Ontology
from kg.ontology import load as load_ontology
from kg.pipeline.first import shared_of
from kg.pipeline.step import entry_rows

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

MADE = "what string, name string, rows long, content binary, lines boolean"
"""What a task gives back: the fields of `Csv`."""

LOCAL = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.sql.session.timeZone": "UTC",
}
"""Of a session on this machine alone: it listens to nobody else."""


def session(master: str | None = None) -> SparkSession:
    """A session: that of `spark-submit`, or one of the `master` named. Workers run this Python.

    Raises `UsageError` where PySpark is not installed."""
    for name in ("PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON"):
        os.environ.setdefault(name, sys.executable)
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise UsageError(f"the job needs PySpark and Java 17: {to_install('spark')}") from None
    builder = SparkSession.builder.appName("kg")
    if master is not None:
        builder = builder.master(master)
        for key, value in LOCAL.items() if master.startswith("local") else ():
            builder = builder.config(key, value)
    return builder.getOrCreate()


def export(
    spark: SparkSession, ledger: Ledger, ontology: Ontology, folder: Path, parts: int | None = None
) -> ExportReport:
    """Write the importer's files of what a ledger amounts to into a folder of the driver's.

    Raises `UsageError` where a source needs a kind that the ontology lacks, and where the folder
    holds other files."""
    from pyspark.sql.types import StringType, StructField, StructType

    manifest = ledger.manifest()
    shared, slim = shared_of(ledger, ontology, manifest)
    separator = separator_for([slim.select(pl.concat_list("value", "id", "subject"))])
    del slim
    files = [str((ledger.folder / entry.file).resolve()) for entry in manifest.entries]
    count = parts or max(1, -(-entry_rows(manifest) // ROWS))
    told = spark.sparkContext.broadcast(pickle.dumps(shared))
    rows = spark.read.parquet(*files).select(*STATEMENTS)
    columns = StructType([*rows.schema.fields, StructField("entity", StringType())])
    keyed = rows.mapInArrow(partial(_keyed, told), columns)
    placed = keyed.repartition(count, "entity")
    made = placed.mapInArrow(partial(_projected, told, separator), MADE)
    try:
        found = made.toLocalIterator(prefetchPartitions=False)
        return write(folder, (Csv(**row.asDict()) for row in found), separator)
    finally:
        told.destroy()


@cache
def _shared(pickled: bytes) -> Shared:
    """Once for all tasks of a worker."""
    shared: Shared = pickle.loads(pickled)
    return shared


def _keyed(told: Any, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows with the entity that they belong to."""
    import pyarrow as pa

    shared = _shared(told.value)
    for batch in batches:
        whose = subjects(frame_of([batch]), shared.identity, shared.ontology)
        entity = whose.to_arrow().cast(pa.string())
        yield pa.RecordBatch.from_arrays(
            [*batch.columns, entity], names=[*batch.schema.names, "entity"]
        )


def _projected(
    told: Any, separator: str, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """What the rows of a task amount to, a file at a time."""
    import pyarrow as pa
    from pyspark import TaskContext

    rows = frame_of(list(batches))
    if rows.is_empty():
        return
    task = TaskContext.get()
    part = f"-{task.partitionId():04}" if task else ""
    for file in files_of(_shared(told.value).part(rows), separator, part):
        yield pa.RecordBatch.from_pylist([vars(file)])


def frame_of(batches: list[pa.RecordBatch]) -> pl.DataFrame:
    """Statements as we have them, of what Spark hands over."""
    frames = [pl.DataFrame(pl.from_arrow(batch)).select(list(STATEMENTS)) for batch in batches]
    return pl.concat([pl.DataFrame(schema=STATEMENTS), *(f.cast(STATEMENTS) for f in frames)])  # type: ignore[arg-type]


def main() -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parts", type=int, help=f"one for each {ROWS:,} rows, if not told")
    parser.add_argument("--master", help="where there is no spark-submit: local[*], spark://…")
    given = parser.parse_args()
    spark = session(given.master)
    try:
        report = export(spark, Ledger(given.ledger), load_ontology(), given.folder, given.parts)
    finally:
        spark.stop()
    print(
        f"{report.written['nodes']:,} nodes and {report.written['edges']:,} edges in {given.folder}"
    )
    print(f"sh {given.folder}/import.sh  # with neo4j-admin on the path, the server stopped")


if __name__ == "__main__":
    # Workers get functions by the module's name; those of a script they would get piece by piece,
    # and what is kept by a worker (`_shared`) cannot be sent so.
    from kg.pipeline import spark as module

    module.main()
