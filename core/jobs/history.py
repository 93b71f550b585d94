"""Owns the history of a running training: its reports, thinned so that it never grows without bound.

Knows nothing about where reports come from.
"""

from __future__ import annotations

from core.training.progress import Progress

_MOST_REPORTS = 600


class History:
    """Reports in their order: at first all, later every second, fourth ... and always the latest."""

    def __init__(self) -> None:
        self._reports: list[Progress] = []
        self._stride, self._count = 1, 0
        self._latest: Progress | None = None

    def add(self, report: Progress) -> None:
        """Take in the next report."""
        if self._count % self._stride == 0:
            self._reports.append(report)
        self._count, self._latest = self._count + 1, report
        if len(self._reports) > _MOST_REPORTS:
            self._reports, self._stride = self._reports[::2], 2 * self._stride

    def reports(self) -> tuple[Progress, ...]:
        """Return what is kept; empty before the first report."""
        kept = tuple(self._reports)
        return kept if self._latest is None or kept[-1] is self._latest else (*kept, self._latest)
