"""Use cases of organisations: the customers, whose plan decides the deadlines of their new tickets."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

from helpdesk_cli.domain import people as rules
from helpdesk_cli.domain.countries import country
from helpdesk_cli.domain.instants import to_text
from helpdesk_cli.domain.regions import large_account, region_of
from helpdesk_cli.domain.suggest import listed
from helpdesk_cli.domain.text import clean_line, fold
from helpdesk_cli.errors import RefusedError
from helpdesk_cli.services import lookup
from helpdesk_cli.services.dry_run import rolled_back
from helpdesk_cli.services.listing import order_of
from helpdesk_cli.storage import orgs as store
from helpdesk_cli.storage import people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from helpdesk_cli.services.app import App
    from helpdesk_cli.storage.database import Row

_CHUNK = 500


class OrgFields(TypedDict, total=False):
    """What may be said of an organisation. A key that is absent is left as it is; None empties it."""

    plan: str
    region: str | None
    licences: int | None
    tier: str | None
    account_manager: str | None  # a login
    vip: bool
    country: str | None  # a code of ISO 3166
    area: str | None
    parent: str | None  # a name
    contract_until: str | None  # a date, the last day
    success_manager: str | None


_MANAGERS = ("account_manager", "success_manager")
_DECLARED = {"region": "regions", "tier": "tiers"}  # key -> where the policy declares the names, if it does


def create_org(app: App, name: str, fields: OrgFields, domains: Sequence[str] = ()) -> dict[str, Any]:
    """Create an organisation, on the default plan unless one is named (K10); its record.

    RefusedError `exists` for a name that is taken in any case, `retired` for a retired plan; NotFoundError
    for an unknown plan or account manager.
    """
    name = rules.name(name, "organisation")
    claimed = [rules.domain(text) for text in domains]
    with app.write() as now:
        key = fold(name)
        taken = store.by_key(app.db, key)
        if taken is not None:
            raise RefusedError(
                f"there is an organisation {taken['name']!r} already",
                code="exists",
                hint=f"change it with `helpdesk org edit {taken['name']!r}`",
            )
        policy = app.policies.latest()
        row = {
            "name": name,
            "name_key": key,
            "plan": policy.default_plan,
            "vip": 0,
            "created_at": to_text(now),
        }
        org_id = store.add(app.db, row | _columns(app, fields))
        _claim(app, org_id, name, claimed)
        return _record_of(app, org_id)


def edit_org(
    app: App,
    name: str,
    fields: OrgFields,
    *,
    add_domains: Sequence[str] = (),
    remove_domains: Sequence[str] = (),
    open_tickets: bool = False,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Change an organisation; its record, as it would be where it is a dry run.

    A new plan counts for new tickets, with `open_tickets` for open ones too (sla.md 3): the record then has
    the deadlines that it `moved`.
    """
    added = [rules.domain(text) for text in add_domains]
    removed = [rules.domain(text) for text in remove_domains]
    transaction: AbstractContextManager[object] = rolled_back(app) if dry_run else app.write()
    with transaction:
        org = lookup.org(app.db, name)
        changes = _columns(app, fields)
        _refuse_circle(app, org, changes.get("parent_id"))
        store.change(app.db, dict(org) | changes)
        _claim(app, org["id"], org["name"], added)
        for domain in removed:
            if not store.remove_domain(app.db, org["id"], domain):
                raise RefusedError(
                    f"{org['name']} does not claim the domain {domain}",
                    code="unknown_domain",
                    hint=f"its domains are in `helpdesk org show {org['name']!r}`",
                )
        if open_tickets:
            from helpdesk_cli.services import tickets

            moved = tickets.move_open_tickets(app, org["id"], changes.get("plan", org["plan"]))
        record = _record_of(app, org["id"])
    return record | {"moved": moved} if open_tickets else record


def _claim(app: App, org_id: int, name: str, domains: Sequence[str]) -> None:
    """The organisation claims the domains: contacts there who are of no organisation are its own from now on,
    unless another one claims the domain too. Their tickets stay as they are."""
    store.add_domains(app.db, org_id, domains)
    for domain in domains:
        others = [org["name"] for org in store.by_domain(app.db, domain) if org["id"] != org_id]
        if others:
            app.announcements.append(
                f"{domain} is claimed by {listed(others)} too: its unknown senders will be refused"
            )
        else:
            joined = people.join_org(app.db, org_id, domain)
            if joined:
                noun = "contact" if joined == 1 else "contacts"
                app.announcements.append(
                    f"{joined} {noun} at {domain} without an organisation: now of {name}"
                )


def show_org(app: App, name: str) -> dict[str, Any]:
    """The record of one organisation."""
    org = lookup.org(app.db, name)
    return _record(app, org, store.domains(app.db, [org["id"]])[org["id"]])


def list_orgs(
    app: App,
    *,
    plans: Sequence[str] = (),
    countries: Sequence[str] = (),
    regions: Sequence[str] = (),
    tiers: Sequence[str] = (),
    sort: str | None = None,
    limit: int | None = None,
) -> tuple[Iterator[dict[str, Any]], int]:
    """Organisations by name, those on the given plans, in the countries, regions and tiers if any are given
    (`none`: those without one); and how many `limit` left out."""
    order = order_of(sort, "org")
    for plan in plans:
        app.policies.latest().plan(plan)
    wanted = {
        "plan": plans,
        "country": [_named(text, country) for text in countries],
        "region": [_named(text, partial(_declared, app, "region")) for text in regions],
        "tier": [_named(text, partial(_declared, app, "tier")) for text in tiers],
    }
    rows, left = store.all_orgs(app.db, wanted, limit, order)
    return _records(app, rows), left


def _named(text: str, read: Callable[[str], str]) -> str | None:
    return None if fold(text) == lookup.NONE else read(text)


def _records(app: App, rows: Iterator[Row]) -> Iterator[dict[str, Any]]:
    from itertools import islice

    while chunk := list(islice(rows, _CHUNK)):
        domains = store.domains(app.db, [row["id"] for row in chunk])
        for row in chunk:
            yield _record(app, row, domains[row["id"]])


def _record_of(app: App, org_id: int) -> dict[str, Any]:
    org = store.by_id(app.db, org_id)
    assert org is not None, "it was written in this transaction"
    return _record(app, org, store.domains(app.db, [org_id])[org_id])


def _record(app: App, org: Row, domains: Iterable[str]) -> dict[str, Any]:
    document = app.policies.latest().document
    return dict(org) | {
        "domains": list(domains),
        "vip": bool(org["vip"]),
        "effective_region": region_of(org, document),
        "large_account": large_account(org, document),
    }


def _columns(app: App, fields: OrgFields) -> dict[str, Any]:
    """The columns that the given fields change."""
    columns: dict[str, Any] = {}
    if "plan" in fields:
        columns["plan"] = app.policies.latest().offered("plan", fields["plan"])
    if "licences" in fields:
        columns["licences"] = fields["licences"]
    if "vip" in fields:
        columns["vip"] = int(fields["vip"])
    texts: dict[str, Callable[[str], str]] = {
        "region": partial(_declared, app, "region"),
        "tier": partial(_declared, app, "tier"),
        "country": country,
        "area": partial(clean_line, what="the area"),
        "contract_until": rules.day,
    }
    given: dict[str, Any] = {**fields}
    for key, read in texts.items():
        if key in given:
            columns[key] = None if given[key] is None else read(given[key])
    for key in _MANAGERS:
        if key in given:
            columns[f"{key}_id"] = None if given[key] is None else lookup.active_agent(app, given[key])["id"]
    if "parent" in given:
        columns["parent_id"] = None if given["parent"] is None else lookup.org(app.db, given["parent"])["id"]
    return columns


def _declared(app: App, kind: str, text: str) -> str:
    return rules.declared(kind, text, app.policies.latest().document.get(_DECLARED[kind], ()))


def _refuse_circle(app: App, org: Row, parent_id: int | None) -> None:
    """RefusedError where an organisation would be above itself."""
    if parent_id is not None and org["id"] in store.above(app.db, parent_id):
        parent = store.by_id(app.db, parent_id)
        name = org["name"] if parent is None else parent["name"]
        raise RefusedError(
            f"{name} cannot be the parent of {org['name']}: "
            + ("it is the same one" if parent_id == org["id"] else f"{org['name']} is above it"),
            code="parent_circle",
            hint="name another, or --parent none",
        )
