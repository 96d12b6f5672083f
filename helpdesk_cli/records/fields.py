"""What a record and a field of it are, and the words that several records share."""

# Annotations are evaluated here: as texts they would be compiled one by one when a NamedTuple is made.
from typing import Any, NamedTuple


class Field(NamedTuple):
    """A key of a record: `type` is one of int, number, text, bool, instant, duration, list, object, labels.

    `of` is a list's element type, or the record that an object or a list's elements are; `heading` overrides
    the table's header; `label` is the section of the policy whose labels a table shows; `optional` keys
    appear only where the command says so; `values` is a closed list of words. Labels are an object of
    languages, of which a table shows the user's. `derived` ones follow from the policy in force when they are
    read, so no list is sorted by them.
    """

    name: str
    type: str
    doc: str
    nullable: bool = False
    of: str | None = None
    heading: str | None = None
    label: str | None = None
    optional: bool = False
    values: tuple[str, ...] = ()
    derived: bool = False

    @property
    def header(self) -> str:
        """The column's header: `next_due_at` is shown as `next due`."""
        return self.heading or self.name.removesuffix("_at").removesuffix("_seconds").replace("_", " ")

    @property
    def free(self) -> bool:
        """Whether its values are texts of any length, which a table may cut without losing their sense."""
        return self.type in _FREE and not self.values and self.label is None and self.name != "ref"


class Record(NamedTuple):
    """A thing that commands print.

    `table` are the columns of a list, `keeps` the same from the most to the least important: a terminal too
    narrow for all leaves out the last of them, and of the columns of one of `together` all or none: they add
    up. `key` is what `-f ids` prints; "": it has no ids.
    """

    name: str
    doc: str
    fields: tuple[Field, ...]
    table: tuple[str, ...]
    keeps: tuple[str, ...]
    key: str
    plural: str
    together: tuple[tuple[str, ...], ...] = ()

    def field(self, name: str) -> Field:
        """Return one field; KeyError if there is none of that name."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


def record(
    name: str,
    doc: str,
    *fields: Field,
    table: str,
    keeps: str = "",
    key: str = "id",
    plural: str = "",
    together: tuple[str, ...] = (),
) -> Record:
    """Declare a record; the names in `table`, in `keeps` and in each of `together` stand in one text."""
    plural = plural or f"{name.replace('_', ' ')}s"
    groups = tuple(tuple(names.split()) for names in together)
    return Record(
        name, doc, fields, tuple(table.split()), tuple((keeps or table).split()), key, plural, groups
    )


def nullable(name: str, type_: str, doc: str, **more: Any) -> Field:
    """Declare a field that may be null."""
    return Field(name, type_, doc, nullable=True, **more)


STATUSES = ("open", "in_progress", "waiting_customer", "on_hold", "resolved", "closed")
CLOCKS = ("first_response", "next_response", "update", "resolution")
CREATED = Field("created_at", "instant", "When it was made.")
_FREE = ("text", "list", "object", "labels")
