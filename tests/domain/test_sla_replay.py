"""The proof: a log that was tampered with does not replay without a word."""

from __future__ import annotations

from helpdesk_cli.domain.events import Event
from helpdesk_cli.domain.replay import replay
from tests.sla_tickets import level, moment, proven, ticket
from tests.solo import Solo


class TestReplay:
    def life(self) -> Solo:
        solo = ticket({"first_response": "1h", "resolution": "2h"}, escalation=[level(1, "resolution", "0m")])
        solo.act(moment("10:30:00"), "take")
        solo.sweep(moment("13:00:00"))
        solo.act(moment("13:00:00"), "agent")
        proven(solo)
        return solo

    def problems(self, solo: Solo, events: list[Event]) -> list[str]:
        numbered = [event._replace(n=n, seq=n) for n, event in enumerate(events, 1)]
        return replay(1, numbered, solo.rules)[1]

    def index(self, solo: Solo, type_: str) -> int:
        return next(n for n, e in enumerate(solo.events) if e.type == type_)

    def test_an_empty_log_makes_no_ticket(self):
        assert replay(1, [], ticket().rules) == (None, [])

    def test_a_consequence_that_is_missing(self):
        solo = self.life()
        gone = self.index(solo, "clock_met")
        assert self.problems(solo, solo.events[:gone] + solo.events[gone + 1 :])

    def test_a_consequence_missing_at_the_end(self):
        solo = ticket({"first_response": "1h"})
        assert "at the end a clock_started of first_response is missing" in self.problems(
            solo, solo.events[:-1]
        )

    def test_a_consequence_that_does_not_follow(self):
        solo = self.life()
        extra = Event("clock_paused", solo.now, "ann", solo.now, {}, None, "resolution", 1)
        assert "does not follow" in self.problems(solo, [*solo.events, extra])[0]

    def test_what_time_did_is_missing(self):
        solo = self.life()
        gone = self.index(solo, "clock_breached")
        assert any(
            "is missing before event" in line or "stands where" in line
            for line in self.problems(solo, solo.events[:gone] + solo.events[gone + 1 :])
        )

    def test_what_was_due_is_missing_before_a_command(self):
        solo = ticket({"first_response": "1h"})
        message = {"message": 1, "by": "agent"}
        late = Event("message", moment("12:00:00"), "ann", solo.now, message)
        said = self.problems(solo, [*solo.events, late])
        assert said[0].startswith("clock_warned first_response at 2026-03-02T10:48:00Z is missing before")

    def test_what_was_not_due(self):
        solo = ticket()
        extra = Event("reminded", moment("11:00:00"), "sweep", solo.now, {}, None, "", 1)
        assert self.problems(solo, [*solo.events, extra]) == [
            f"event {len(solo.events) + 1} (reminded) was not due"
        ]

    def test_something_else_was_due(self):
        solo = ticket({"first_response": "1h"})
        extra = Event("clock_breached", moment("11:00:01"), "sweep", solo.now,
                      {"breached_at": "2026-03-02T11:00:00Z"}, None, "first_response", 1)  # fmt: skip
        assert "stands where clock_warned first_response" in self.problems(solo, [*solo.events, extra])[0]
