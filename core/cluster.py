"""Owns the process beside the server in which trainings run: a Dask scheduler and one worker that stays warm.

Knows nothing about music. `python -m core.cluster` says its address on a line and lives as long as its standard input.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_MEMORY_SHARE = 0.7


class ClusterError(RuntimeError):
    """The training process could not be started."""


class Cluster:
    """A running cluster of our own; it ends with the process that started it."""

    def __init__(self) -> None:
        """Start the process and wait for its address (some seconds)."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "core.cluster"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
            env=os.environ
            | {
                "TF_CPP_MIN_LOG_LEVEL": "2",
                "PYTHONPATH": os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")]),
            },
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        if not self.address:
            raise ClusterError("The training process did not start.")

    @property
    def alive(self) -> bool:
        """Tell whether the process is there."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process and wait for it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def main() -> None:
    """Run a Dask cluster on this machine until standard input ends."""
    import dask
    from distributed import LocalCluster

    dask.config.set({"distributed.scheduler.allowed-failures": 0, "distributed.worker.daemon": False})
    with LocalCluster(
        host="127.0.0.1",
        n_workers=1,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        memory_limit=_MEMORY_SHARE,
        silence_logs=50,
    ) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
