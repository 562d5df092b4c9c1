"""Checks a file of JSON lines with PySpark, one `postlint stream` for each partition.

    python examples/spark_pipe.py posts.jsonl findings [partitions]
"""

import os
import sys

from pyspark.sql import SparkSession


def main(posts, output, partitions=2):
    spark = (
        SparkSession.builder.master(f"local[{partitions}]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    lines = spark.sparkContext.textFile(posts, int(partitions))
    # pipe starts with an empty environment, so without env no PATH finds postlint; without checkCode a process that fails
    # would pass for one that found nothing.
    lines.pipe("postlint stream --threads 1", env=dict(os.environ), checkCode=True).saveAsTextFile(output)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
