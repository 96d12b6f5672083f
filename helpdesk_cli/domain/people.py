"""People and organisations: what a name or address must look like, who belongs where, who may act.

The rules of cli.md "Who acts": `--from` is always the customer's side; a sender is matched by address,
then by domain, and an unknown one is served all the same (M4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from helpdesk_cli.domain.suggest import closest, listed, shown
from helpdesk_cli.domain.text import clean_line, fold
from helpdesk_cli.errors import NotFoundError, RefusedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

MAIN = "main"
# Words that stand for a value in filters and in events, so nobody may be called so.
RESERVED_LOGINS = frozenset({"none", "me", "sweep", "customer"})
LONGEST_ADDRESS = 254
_LONGEST_SKILL = 50
_NOWHERE = "invalid"  # reserved: no such domain is ever given out


class Organisation(NamedTuple):
    """An organisation as far as matching a sender needs it."""

    id: int
    name: str


def address(text: str) -> str:
    """An e-mail address: as given, but its domain in lower case (`login@localhost` is one too). One that
    begins with `-` is none: a program that sends mail would take it for an option.

    Raises UsageError "bad_address".
    """
    stripped = text.strip()
    local, at, domain_part = stripped.rpartition("@")
    if not (at and _is_local_part(local)) or len(stripped) > LONGEST_ADDRESS:
        raise _bad_address(text)
    try:
        return f"{local}@{domain(domain_part)}"
    except UsageError as error:
        raise _bad_address(text) from error


def domain(text: str) -> str:
    """A domain in lower case and, if it is not ASCII, in the form that DNS and mail use (`xn--...`).

    A leading `@` is dropped. Raises UsageError "bad_domain".
    """
    name = text.strip().removeprefix("@").lower()
    try:
        ascii_name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise _bad_domain(text) from error
    if len(ascii_name) > 253 or not all(map(_is_label, ascii_name.split("."))):
        raise _bad_domain(text)
    return ascii_name


def domain_of(email: str) -> str:
    """The domain of an address that `address` has checked."""
    return email.rpartition("@")[2]


def anonymous(contact_id: int, number: int = 1) -> str:
    """The address of a contact who was forgotten, which no mail ever reaches; `number` tells it from one that
    is taken."""
    return f"forgotten-{contact_id}{f'-{number}' if number > 1 else ''}@{_NOWHERE}"


def is_anonymous(email: str) -> bool:
    """Whether it is the address of somebody who was forgotten."""
    return email.startswith("forgotten-") and domain_of(email) == _NOWHERE


def login(text: str) -> str:
    """An agent's name: one word, as it stands on events. Raises UsageError "bad_login"."""
    word = text.strip()
    allowed = word.isprintable() and not any(c.isspace() or c in ",;:" for c in word)
    if not word or not allowed or word.startswith("-") or len(word) > 64:
        raise UsageError(
            f"{text!r} cannot be a login",
            code="bad_login",
            hint="use one word of at most 64 characters without spaces, commas and colons, such as `ann`",
        )
    if fold(word) in RESERVED_LOGINS:
        raise UsageError(
            f"the login {word!r} is a reserved word",
            code="bad_login",
            hint="these have a meaning of their own: " + ", ".join(sorted(RESERVED_LOGINS)),
        )
    return word


def name(text: str, what: str) -> str:
    """The name of an organisation or a team: one line that is not the word `none`."""
    line = clean_line(text, f"the name of the {what}")
    if fold(line) == "none":
        raise UsageError(
            "`none` stands for no value, so nothing can be called so",
            code="bad_text",
            hint="choose another name",
        )
    return line


def skills(texts: Iterable[str]) -> list[str]:
    """What an agent is good at, as `network` or `front office`: in lower case, sorted, each once (M5).

    Raises UsageError "bad_text", "bad_skill" for one with a comma.
    """
    found = {fold(clean_line(text, "the skill", longest=_LONGEST_SKILL)) for text in texts}
    for skill in found:
        if "," in skill:
            raise UsageError(
                f"{shown(skill)} is no skill",
                code="bad_skill",
                hint="a skill is a few words without commas, such as network",
            )
    return sorted(found)


def language(text: str) -> str:
    """The code of a language in which a contact writes: `fr` of `fr` and of `fr-CA`. UsageError
    "bad_language"."""
    from helpdesk_cli.domain.languages import code

    found = code(text.strip())
    if not found:
        raise UsageError(
            f"{shown(text)} is not the code of a language",
            code="bad_language",
            hint="write its two or three letters, such as fr",
        )
    return found


def day(text: str) -> str:
    """A date as it is kept, `2026-12-31`, which the whole day belongs to. UsageError "bad_date"."""
    from datetime import date

    word = text.strip()
    try:
        found = date.fromisoformat(word)
    except ValueError:
        found = None
    if found is None or found.isoformat() != word or not 1970 <= found.year < 9000:
        raise UsageError(
            f"{shown(text)} is not a date", code="bad_date", hint="write it as 2026-12-31, from 1970 to 8999"
        )
    return word


def under_contract(until: str | None, today: date) -> bool:
    """Whether a support contract is in force on a day: its last day, `until`, is one of it; None: there is
    none (Z29)."""
    return until is not None and today.isoformat() <= until


def declared(kind: str, text: str, names: Iterable[str]) -> str:
    """The region or tier that is meant, in any case: one of `names` if the policy declares any, else as it is
    typed. Raises UsageError "bad_text", NotFoundError "unknown_region" or "unknown_tier"."""
    line = clean_line(text, f"the {kind}")
    known: Mapping[str, str] = {fold(name): name for name in names}
    if not known or fold(line) in known:
        return known.get(fold(line), line)
    guess = closest(line, known.values())
    raise NotFoundError(
        f"there is no {kind} {shown(line)}",
        code=f"unknown_{kind}",
        hint=f"did you mean {guess!r}?" if guess else f"it is one of {listed([*known.values()], 20)}",
    )


def organisation_for(email: str, candidates: Sequence[Organisation]) -> int | None:
    """The id of the organisation that an unknown sender belongs to, by domain; None if no one claims it.

    `candidates` are the organisations that claim the domain. Raises RefusedError when there are several.
    """
    if len(candidates) > 1:
        names = [candidate.name for candidate in candidates]
        raise RefusedError(
            f"the domain of {email} is claimed by {len(names)} organisations: {', '.join(names)}",
            code="ambiguous_domain",
            hint="say which with --org ORG, or take the domain from one: "
            "`helpdesk org edit ORG --remove-domain DOMAIN`",
            details={"candidates": names},
        )
    return candidates[0].id if candidates else None


def may_reply(
    email: str,
    *,
    contact_id: int,
    contact_org_id: int | None,
    requester_id: int,
    orgs: Collection[int | None],
    copied: Collection[str],
) -> bool:
    """Whether a customer may write in a ticket: its requester, one of `orgs` (the requester's organisation
    and the ticket's), one in copy."""
    if contact_id == requester_id:
        return True
    if contact_org_id is not None and contact_org_id in orgs:
        return True
    return fold(email) in {fold(other) for other in copied}


def _is_local_part(text: str) -> bool:
    if not text or len(text) > 64 or not text.isprintable() or text.startswith("-"):
        return False
    return not any(c.isspace() or c in '@<>()[],;:\\"' for c in text) and ".." not in f".{text}."


def _is_label(text: str) -> bool:
    if not 0 < len(text) < 64 or text.startswith("-") or text.endswith("-"):
        return False
    return all(c.isalnum() or c in "-_" for c in text)


def _bad_address(text: str) -> UsageError:
    _, _, inner = text.partition("<")
    alone = inner.rpartition(">")[0]  # of `Ann <ann@acme.example>`
    return UsageError(
        f"{text!r} is not an e-mail address",
        code="bad_address",
        hint="write it as name@domain, such as ann@acme.example"
        if not alone or "<" in alone
        else f"give the address alone: {address(alone)}",
    )


def _bad_domain(text: str) -> UsageError:
    return UsageError(
        f"{text!r} is not a domain",
        code="bad_domain",
        hint="write it as acme.example, without `@` or `https://`",
    )
