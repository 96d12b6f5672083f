"""What commands print: one declaration a record (`cli.md`); tables, JSON, ids and schemas derive from it.

The order of the fields is the order of the keys. Instants are `...Z` text in UTC, durations whole seconds.
Keys are only ever added. Each noun's records are declared in a module of its own, loaded when one of them is
asked for: making all of them takes longer than many a command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from helpdesk_cli.records.fields import Field, Record

__all__ = ["RECORDS", "Field", "Record"]

# record -> its module, in the order of the documents
PLACES = {
    name: module
    for module, names in (
        ("tickets", "ticket asked_escalation link message attachment saved_file clock escalation event"),
        ("people", "org contact agent team"),
        (
            "policy",
            "plan auto_close reopening plan_level calendar priority category type region"
            " region_contact ladder_contact policy"
            " plan_change moved_deadline policy_version problem",
        ),
        ("working_time", "due elapsed window holiday"),
        ("sweeps", "sweep sweep_entry run run_counts failure notice recipient sla_check hook_run"),
        ("explanations", "explanation explained_clock step cause explained_level"),
        ("routes", "route route_rule route_candidate"),
        ("search", "hit"),
        ("reports", "report_sla report_response report_resolution report_backlog"),
        ("database", "init demo check backup restored migration vacuum stats finding view"),
        ("config", "config"),
        ("lists", "record count"),
        ("bulk", "opened"),
        ("transfer", "exported imported"),
    )
    for name in names.split()
}


class _Records(Mapping[str, Record]):
    """Every record by its name."""

    def __init__(self) -> None:
        self._loaded: dict[str, Record] = {}

    def __getitem__(self, name: str) -> Record:
        if name not in self._loaded:
            module = import_module(f"{__name__}.{PLACES[name]}")
            self._loaded.update((record.name, record) for record in module.DECLARED)
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in PLACES

    def __iter__(self) -> Iterator[str]:
        return iter(PLACES)

    def __len__(self) -> int:
        return len(PLACES)


RECORDS: Mapping[str, Record] = _Records()
