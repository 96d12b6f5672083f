"""Which tickets the demo has: who writes when, about what, and what becomes of it.

Written for the shipped policy; under another one the plan or priority of the same place stands in, so that
`init --plans FILE` and `demo` show one's own policy at work.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from helpdesk_cli.services.demo.cast import CUSTOMERS, LANGUAGES, STRANGER, Customer
from helpdesk_cli.services.demo.english import UNWANTED

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.services.demo.stories import Story

T = TypeVar("T")

DAYS = 30
UNPROMISED_SECONDS = 6 * 3600  # when an answer comes that nobody promised
_PLANS = ("enterprise", "advanced", "medium", "basic")
_PRIORITIES = ("critical", "urgent", "high", "normal", "low")
# How thirty tickets end: see `lives.py`.
_ENDINGS = (
    *["solved"] * 6, *["talked"] * 6, *["silent"] * 4, *["resolved"] * 3, *["held"] * 3, *["late"] * 3,
    *["reopened"] * 2, "raised", "withdrawn", "unwanted",
)  # fmt: skip
_OF_INCIDENTS = frozenset({"held", "reopened"})  # something that does not work, or again not
# The last tickets, which lie on the desk at the end: priority, share of the first target used up.
_ON_THE_DESK = (
    ("critical", 0.6), ("urgent", 1.4), ("high", 0.9), ("normal", 0.5), ("low", 0.3),
    ("normal", 1.15), ("high", 0.2), ("low", 0.7), ("normal", 0.85), ("urgent", 0.3),
)  # fmt: skip


class Scene(NamedTuple):
    """A ticket to come. `number` stands for `{n}` in the texts."""

    at: datetime
    sender: str
    vip: bool
    language: str
    story: Story
    number: int
    plan: str
    priority: str
    category: str | None
    type: str | None
    ending: str


class Names(NamedTuple):
    """What the policy offers to new tickets and organisations."""

    plans: tuple[str, ...]
    priorities: tuple[str, ...]
    categories: tuple[str, ...]
    types: tuple[str, ...]

    def plan(self, wanted: str) -> str:
        """`wanted`, else the plan at the same place of the policy."""
        return _alike(wanted, _PLANS, self.plans)

    def priority(self, wanted: str) -> str:
        """`wanted`, else the priority at the same place of the ranking."""
        return _alike(wanted, _PRIORITIES, self.priorities)


def offered(policy: Policy) -> Names:
    """The names of the policy without the retired ones."""

    def current(names: Sequence[str], retired: Callable[[str], bool]) -> tuple[str, ...]:
        return tuple(name for name in names if not retired(name))

    return Names(
        current(policy.plans, lambda name: policy.plan(name).retired),
        current(policy.priorities, lambda name: bool(policy.priority(name).get("retired"))),
        current(policy.categories, lambda name: bool(policy.category(name).get("retired"))),
        current(policy.types, lambda name: bool(policy.ticket_type(name).get("retired"))),
    )


def limit(policy: Policy, plan: str, priority: str, type_: str | None) -> int | None:
    """Working seconds within which the first answer is promised; None: it is not."""
    target = policy.target(plan, priority, type_, "first_response")
    return None if target is None else target.limit


def scenes(dice: random.Random, policy: Policy, end: datetime, tickets: int) -> list[Scene]:
    """As many tickets, in the order of their creation; the same for the same dice, policy and end."""
    casting = _Casting(dice, policy)
    desk = min(len(_ON_THE_DESK), tickets // 5)
    made = [casting.on_the_desk(end, *_ON_THE_DESK[n]) for n in range(desk)]
    made += [casting.ended(_moment(dice, end)) for _ in range(tickets - desk)]
    return sorted(made, key=lambda scene: scene.at)


class _Deck(Generic[T]):
    """Cards drawn one by one; when none fits, a whole new deck is shuffled in."""

    def __init__(self, dice: random.Random, cards: Iterable[T]) -> None:
        self._dice, self._cards = dice, tuple(cards)
        self._left: list[T] = []

    def draw(self, fits: Callable[[T], bool] = lambda _card: True) -> T:
        while not any(map(fits, self._left)):
            self._left += self._dice.sample(self._cards, len(self._cards))
        return self._left.pop(next(n for n, card in enumerate(self._left) if fits(card)))


class _Casting:
    """Gives each ticket a customer, a story in the customer's language and an ending."""

    def __init__(self, dice: random.Random, policy: Policy) -> None:
        self._dice, self._policy, self._names = dice, policy, offered(policy)
        self._customers = _Deck(dice, (customer for customer in CUSTOMERS for _ in range(customer.share)))
        self._endings = _Deck(dice, _ENDINGS)
        self._stories = {code: _Deck(dice, phrases.stories) for code, phrases in LANGUAGES.items()}

    def ended(self, at: datetime) -> Scene:
        """A ticket whose life has come to its end, or has got as far as the month allows."""
        ending = self._endings.draw()
        customer = self._customers.draw()
        if ending == "unwanted":
            plan = self._policy.default_plan
            return self._scene(at, customer, plan, UNWANTED, ending)._replace(
                sender=STRANGER, vip=False, language="en"
            )
        plan = self._names.plan(customer.plan)
        story = self._stories[customer.language].draw(lambda story: _fits(story, customer, ending))
        if self._limit(plan, story) is None and self._dice.random() < 0.75:
            # Most customers know what their plan does not promise.
            story = story._replace(priority="normal")
        return self._scene(at, customer, plan, story, ending)

    def on_the_desk(self, end: datetime, priority: str, used: float) -> Scene:
        """A ticket that nobody has answered by the end, with that share of its target used up."""
        promised = [c for c in CUSTOMERS if c.org and self._promised(c, priority)] or list(CUSTOMERS)
        customer = self._dice.choice(promised)
        plan = self._names.plan(customer.plan)
        story = self._stories[customer.language].draw(lambda story: story.priority == priority)
        seconds = int((self._limit(plan, story) or UNPROMISED_SECONDS) * used)
        return self._scene(end - timedelta(seconds=seconds), customer, plan, story, "unanswered")

    def _scene(self, at: datetime, customer: Customer, plan: str, story: Story, ending: str) -> Scene:
        return Scene(
            at=at,
            sender=self._dice.choice(customer.addresses),
            vip=customer.vip,
            language=customer.language,
            story=story,
            number=self._dice.randrange(1200, 9800),
            plan=plan,
            priority=self._names.priority(story.priority),
            category=_known(story.category, self._names.categories),
            type=_known(story.type, self._names.types),
            ending=ending,
        )

    def _promised(self, customer: Customer, priority: str) -> bool:
        plan = self._names.plan(customer.plan)
        return limit(self._policy, plan, self._names.priority(priority), None) is not None

    def _limit(self, plan: str, story: Story) -> int | None:
        type_ = _known(story.type, self._names.types)
        return limit(self._policy, plan, self._names.priority(story.priority), type_)


def _fits(story: Story, customer: Customer, ending: str) -> bool:
    """Whether the ending can be that of the story, and the story that of somebody without an organisation."""
    modest = customer.org is not None or story.priority in ("normal", "low")
    return modest and (ending not in _OF_INCIDENTS or story.type == "incident")


def _moment(dice: random.Random, end: datetime) -> datetime:
    """An instant of the month: mostly by day, seldom at the weekend."""
    midnight = end.replace(hour=0, minute=0, second=0)
    while True:
        hours = dice.uniform(0, 24) if dice.random() < 0.15 else dice.triangular(5, 18, 9)
        at = midnight + timedelta(days=-dice.randrange(DAYS + 1), seconds=int(hours * 3600))
        rare = at.weekday() in (4, 5) and dice.random() < 0.6  # Friday and Saturday
        if end - timedelta(days=DAYS) < at <= end - timedelta(minutes=10) and not rare:
            return at


def _alike(wanted: str, ours: tuple[str, ...], theirs: tuple[str, ...]) -> str:
    return wanted if wanted in theirs else theirs[ours.index(wanted) * len(theirs) // len(ours)]


def _known(wanted: str, names: tuple[str, ...]) -> str | None:
    return wanted if wanted in names else None
