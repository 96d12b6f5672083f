"""What becomes of the demo's tickets: who does what to one, and when.

Answers are timed by the policy, on the calendar of the ticket's plan: most in time, some late, a few at
night. What follows from silence (breaches, closures, ends of hold) is left to time itself.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from helpdesk_cli.services.demo.cast import LANGUAGES, TEAMS, agents_for, team_for
from helpdesk_cli.services.demo.english import NOTES, NOTES_ON_INCIDENTS
from helpdesk_cli.services.demo.scenes import UNPROMISED_SECONDS, limit, offered

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence
    from datetime import datetime

    from helpdesk_cli.domain.plans import Policy
    from helpdesk_cli.services.demo.scenes import Scene

_MINUTE = 60
_HOUR = 3600
_DAY = 86_400


class Step(NamedTuple):
    """Something that a person does: `act` is a key of `demo.ACTS`, `who` an agent, None a customer."""

    at: datetime
    act: str
    who: str | None
    given: dict[str, Any]


def life(dice: random.Random, policy: Policy, scene: Scene) -> list[Step]:
    """Every step of one ticket, beginning with its creation."""
    pen = _Pen(dice, policy, scene)
    pen.customer(
        "create",
        subject=pen.words(scene.story.subject),
        sender=scene.sender,
        body=pen.words(scene.story.opening),
        priority=scene.priority,
        category=scene.category,
        type=scene.type,
        channel=dice.choice(("email", "email", "email", "portal", "chat")),
        tags=("vip",) if scene.vip else (),
    )
    _ENDINGS[scene.ending](pen)
    return pen.steps


class _Pen:
    """Writes the steps of one ticket; `at` moves on with each."""

    def __init__(self, dice: random.Random, policy: Policy, scene: Scene) -> None:
        self.dice, self.scene, self.at = dice, scene, scene.at
        self.phrases = LANGUAGES[scene.language]
        self.team = team_for(scene.story.category)
        self.lead = TEAMS[self.team]
        self.agent = dice.choice(agents_for(scene.story.category, scene.language))
        self.notes = NOTES_ON_INCIDENTS if scene.story.type == "incident" else NOTES
        self.steps: list[Step] = []
        self._limit = limit(policy, scene.plan, scene.priority, scene.type) or UNPROMISED_SECONDS
        target = policy.target(scene.plan, scene.priority, scene.type, "first_response")
        self._policy = policy
        self._calendar = policy.calendar(target.calendar if target else policy.plan(scene.plan).calendar)

    def words(self, text: str) -> str:
        return text.replace("{n}", str(self.scene.number))

    def agent_does(self, act: str, **given: Any) -> None:
        self.steps.append(Step(self.at, act, self.agent, given))

    def customer(self, act: str, **given: Any) -> None:
        self.steps.append(Step(self.at, act, None, given))

    def waited(self, shortest: int, longest: int) -> None:
        """Time passes, day and night."""
        self.at += timedelta(seconds=self.dice.randrange(shortest, longest))

    def worked(self, shortest: int, longest: int) -> None:
        """Working time passes."""
        self.at = self._calendar.add(self.at, self.dice.randrange(shortest, longest))

    def used_up(self, share: float) -> None:
        """Until that share of the promised time to the first answer is used up."""
        self.at = max(self.at, self._calendar.add(self.scene.at, int(self._limit * share)))

    def until_answered(self, share: float) -> None:
        """The lead gives it to the team, mostly somebody takes it, perhaps with a note; then it is time."""
        self.used_up(share * 0.15)
        self.steps.append(Step(self.at, "assign", self.lead, {"team": self.team}))
        if self.dice.random() < 0.7:
            self.used_up(share * 0.5)
            self.agent_does("take")
            if self.dice.random() < 0.3:
                self.used_up(share * 0.7)
                self.agent_does("note", body=self.dice.choice(self.notes))
        self.used_up(share)

    def in_time(self) -> None:
        """The moment of a first answer that keeps the promise: seldom within the hour at whatever time."""
        if self.dice.random() < 0.12:
            self.at += timedelta(seconds=min(_HOUR, int(self._limit * 0.7)))
        else:
            self.until_answered(self.dice.uniform(0.08, 0.85))

    def answer(self, text: str, **given: Any) -> None:
        self.agent_does("answer", body=self.words(text), **given)

    def reply(self, texts: Sequence[str] | str) -> None:
        text = texts if isinstance(texts, str) else self.dice.choice(texts)
        self.customer("reply", body=self.words(text), sender=self.scene.sender)

    def raise_priority(self) -> None:
        """One step more urgent, where the plan promises something there."""
        ranking, scene = offered(self._policy).priorities, self.scene
        higher = ranking[max(0, ranking.index(scene.priority) - 1)]
        if limit(self._policy, scene.plan, higher, scene.type) is not None:
            self.agent_does("edit", priority=higher)

    def content(self) -> None:
        """The customer is: says so, or just closes the ticket."""
        self.waited(20 * _MINUTE, 9 * _HOUR)
        if self.dice.random() < 0.3:
            self.customer("customer_close")
            return
        self.reply(self.phrases.thanks)
        self.worked(5 * _MINUTE, 3 * _HOUR)
        self.agent_does("close")


def _solved(pen: _Pen) -> None:
    pen.in_time()
    pen.answer(pen.scene.story.solution)
    pen.content()


def _silent(pen: _Pen) -> None:
    pen.in_time()
    pen.answer(pen.scene.story.question)


def _talked(pen: _Pen) -> None:
    _silent(pen)
    pen.waited(20 * _MINUTE, 10 * _HOUR)
    pen.reply(pen.scene.story.details)
    pen.worked(15 * _MINUTE, 5 * _HOUR)
    pen.answer(pen.scene.story.solution)
    if pen.dice.random() < 0.6:
        pen.content()


def _resolved(pen: _Pen) -> None:
    pen.in_time()
    pen.agent_does("resolve", body=pen.words(pen.scene.story.solution))
    pen.waited(3 * _DAY, 6 * _DAY)
    pen.agent_does("close")


def _held(pen: _Pen) -> None:
    pen.in_time()
    pen.answer(pen.dice.choice(pen.phrases.waiting))
    pen.agent_does("hold", until=pen.at + timedelta(days=2))
    pen.agent_does("tag", add=("supplier",), remove=())
    pen.waited(2 * _DAY, 2 * _DAY + _HOUR)
    pen.worked(10 * _MINUTE, 4 * _HOUR)
    pen.answer(pen.scene.story.solution)
    pen.content()


def _late(pen: _Pen) -> None:
    pen.used_up(0.95)
    pen.reply(pen.phrases.nudge)
    pen.until_answered(pen.dice.uniform(1.1, 1.8))
    pen.answer(pen.scene.story.solution)
    pen.content()


def _raised(pen: _Pen) -> None:
    pen.used_up(0.2)
    pen.reply(pen.phrases.nudge)
    pen.used_up(0.25)
    pen.agent_does("take")
    pen.raise_priority()
    pen.used_up(0.3)
    pen.answer(pen.scene.story.solution)
    pen.content()


def _reopened(pen: _Pen) -> None:
    pen.in_time()
    pen.answer(pen.scene.story.solution)
    pen.waited(50 * _HOUR, 80 * _HOUR)
    pen.reply(pen.phrases.again)
    pen.worked(20 * _MINUTE, 4 * _HOUR)
    pen.answer(pen.dice.choice(pen.phrases.sorry))
    pen.content()


def _withdrawn(pen: _Pen) -> None:
    pen.used_up(0.3)
    pen.customer("customer_close")


def _unwanted(pen: _Pen) -> None:
    pen.worked(_MINUTE, 3 * _HOUR)
    pen.agent_does("close", reason="spam")


def _unanswered(pen: _Pen) -> None:
    pen.waited(_MINUTE, 4 * _MINUTE)
    pen.steps.append(Step(pen.at, "assign", pen.lead, {"team": pen.team}))
    if pen.dice.random() < 0.4:
        pen.waited(_MINUTE, 10 * _MINUTE)
        pen.agent_does("take")


_ENDINGS = {
    "solved": _solved,
    "silent": _silent,
    "talked": _talked,
    "resolved": _resolved,
    "held": _held,
    "late": _late,
    "raised": _raised,
    "reopened": _reopened,
    "withdrawn": _withdrawn,
    "unwanted": _unwanted,
    "unanswered": _unanswered,
}
