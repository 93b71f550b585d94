"""Owns the process beside the server in which trainings run: a Dask scheduler and one worker that stays warm.

Knows nothing about music. `python -m core.jobs.cluster` prints a line with its address and what it takes to connect,
and lives as long as its standard input. Only who has that line can give it work, not others who use the same computer.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StartTimeoutError
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_COMMAND = (sys.executable, "-m", "core.jobs.cluster")
_CREDENTIALS = ("tls_ca_file", "tls_client_cert", "tls_client_key")
_MEMORY_SHARE = 0.7
_START_SECONDS = 120.0  # some seconds as a rule, much more on a machine that is busy and reads the programs anew
_END_SECONDS = 30.0


class ClusterError(RuntimeError):
    """The training process could not be started."""


class Cluster:
    """A running cluster of our own; it ends with the process that started it."""

    def __init__(self) -> None:
        """Start the process and wait for its address. Raises ClusterError if none comes in time."""
        self._process = subprocess.Popen(
            _COMMAND,
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
        answer = json.loads(self._first_line())
        self.address: str = answer["address"]
        self.credentials: dict[str, str] = answer["credentials"]
        """What `distributed.Security` takes: certificates and a key of this cluster alone, as text."""

    def _first_line(self) -> str:
        assert self._process.stdout is not None
        with ThreadPoolExecutor(1) as reader:
            line = reader.submit(self._process.stdout.readline)
            try:
                answer = line.result(_START_SECONDS).strip()
            except StartTimeoutError:
                answer = ""
            if not answer:
                self._process.kill()  # and so the reader comes to the end of the stream
        if not answer:
            self.close()
            raise ClusterError(f"The training process did not start within {_START_SECONDS:.0f} seconds.")
        return answer

    @property
    def alive(self) -> bool:
        """Tell whether the process is there."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process, by force if it does not end by itself."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


def main() -> None:
    """Run a Dask cluster on this machine until standard input ends."""
    import dask
    from distributed import LocalCluster, Security

    security = Security.temporary()
    dask.config.set({"distributed.scheduler.allowed-failures": 0, "distributed.worker.daemon": False})
    with LocalCluster(
        host="127.0.0.1",
        n_workers=1,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        memory_limit=_MEMORY_SHARE,
        silence_logs=50,
        security=security,
    ) as cluster:
        credentials = {name: getattr(security, name) for name in _CREDENTIALS}
        print(json.dumps({"address": cluster.scheduler_address, "credentials": credentials}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
