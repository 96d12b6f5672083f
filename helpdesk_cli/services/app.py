"""What every use case is given, wired once and lazily: the database, the clock, who acts, the policy.

Decides when the clock is asked (once a use case, after the write lock is held) and who acts (cli.md,
"Who acts").
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from helpdesk_cli.adapters import clock
from helpdesk_cli.errors import HelpdeskError, StorageError, UsageError
from helpdesk_cli.storage.database import LOCK_WAIT_SECONDS, SCHEMA_VERSION, open_database, version_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, tzinfo

    from helpdesk_cli.domain.rules import Rules
    from helpdesk_cli.services.policy_book import PolicyBook
    from helpdesk_cli.storage.database import Database, Row


class App:
    """One command's world. Nothing is opened or asked before its first use; `close` ends it.

    `actor`, `now` and `timezone` are what the user gave for `--as`, `--now` and `--timezone`, as text.
    """

    def __init__(
        self,
        db_path: str,
        *,
        actor: str | None = None,
        now: str | None = None,
        timezone: str | None = None,
        wait: float = LOCK_WAIT_SECONDS,
        blame: Callable[[str, HelpdeskError], HelpdeskError] = lambda _setting, error: error,
    ) -> None:
        """`blame` names, in an error about a value of `actor`, `now` or `timezone`, where it was given."""
        self.db_path = db_path
        self.wrote = False  # whether a transaction was committed
        self.hooked_since: datetime | None = None  # the first one after which a program is to be run
        self._blame = blame
        self.announcements: list[str] = []
        self._login = actor
        self._now_text = now
        self._timezone = timezone
        self.wait = wait
        self._db: Database | None = None
        self._policies: PolicyBook | None = None
        self._zone: tzinfo | None = None
        self._read: tuple[datetime, datetime] | None = None  # the real time and the command's
        self._writing = False
        self._live = False

    @property
    def db(self) -> Database:
        """The database; NotFoundError if there is none, or if `--as` names nobody in it."""
        if self._db is None:
            self._db = open_database(self.db_path, live=self._live, wait=self.wait)
            try:
                self._check_actor()
            except BaseException:
                self.close()
                raise
        return self._db

    def any_version(self) -> Database:
        """The database, of an older version too, for the care of its file: to be closed by who asked for it.
        Errors as `db`."""
        database = open_database(self.db_path, outdated=True, wait=self.wait)
        try:
            if self._login is not None:
                from helpdesk_cli.services import lookup

                lookup.check_actor(database, self._login)
        except BaseException:
            database.close()
            raise
        return database

    def db_to_write(self) -> Database:
        """The database, for a command that will write: an older one is brought up to date first, and stderr
        told so (storage.md "The interface"). Who only reads is refused with a hint."""
        try:
            return self.db
        except StorageError as error:
            if error.code != "older_version":
                raise
        from helpdesk_cli.services import migration

        migration.announce(self, migration.migrate(self))
        return self.db

    def database_exists(self) -> bool:
        """Whether there is a database, of any version, at `db_path`."""
        return version_at(self.db_path, wait=self.wait) > 0

    def database_is_current(self) -> bool:
        """Whether there is a database whose tables are those of this version; a look, nothing is written."""
        return version_at(self.db_path, wait=self.wait) == SCHEMA_VERSION

    def create_database(self) -> Database:
        """The database, made without tables where there is none."""
        if self._db is None:
            self._db = open_database(self.db_path, create=True, wait=self.wait)
        return self._db

    def watch(self) -> None:
        """Open the database, anew if need be, as one that waits for what others commit."""
        self.close()
        self._live = True

    def close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None
            self._policies = None

    @contextmanager
    def write(self) -> Iterator[datetime]:
        """One transaction of one use case: takes the write lock, then asks the clock; gives `now()`.

        Nested, it is a part of the outer use case that can be undone by itself, and its time is the same.
        """
        nested, database = self._writing, self.db_to_write()
        with database.write():
            self._writing = True
            if not nested:
                self._start_over()
            try:
                yield self.now()
            except BaseException:
                # A version of the policy that it had added is gone, and its number will be given again.
                self._policies = None
                raise
            finally:
                self._writing = nested
        self.wrote = self.wrote or not nested
        if not nested and self.hooked_since is None and self._policies and self._policies.known_hooks():
            self.hooked_since = self.real_now()

    def _start_over(self) -> None:
        """A use case begins: what it asks is asked anew."""
        self._read = None
        if self._policies is not None:
            self._policies.forget()

    def now(self) -> datetime:
        """The time of this use case, UTC, whole seconds: `--now`, else the real time."""
        return self._times()[1]

    def real_now(self) -> datetime:
        """The real time at which this use case asked, whatever `--now` says: every `recorded_at`."""
        return self._times()[0]

    def _times(self) -> tuple[datetime, datetime]:
        if self._read is None:
            real = clock.now()
            self._read = real, self._overridden(real)
        return self._read

    def _overridden(self, real: datetime) -> datetime:
        if self._now_text is None:
            return real
        from helpdesk_cli.domain.instants import parse_instant

        # Written in UTC, it needs no zone, and loading one costs more than the rest of a short command.
        text = self._now_text
        zone = real.tzinfo if text.endswith("Z") and real.tzinfo else self.zone
        with self._told("now"):
            return parse_instant(text, real, zone)

    @contextmanager
    def _told(self, setting: str) -> Iterator[None]:
        """An error inside is one of what was given for a setting."""
        try:
            yield
        except HelpdeskError as error:
            raise self._blame(setting, error) from None

    @contextmanager
    def as_of(self, at: datetime, login: str | None = None) -> Iterator[None]:
        """Inside, the clock stands at `at` and the agent `login` acts, in a use case under way too: so the
        demo lives through its month in one transaction."""
        from helpdesk_cli.domain.instants import to_text

        before = self._now_text, self._login, self._read
        self._now_text, self._login, self._read = to_text(at), login, None
        try:
            yield
        finally:
            self._now_text, self._login, self._read = before

    @property
    def zone(self) -> tzinfo:
        """The zone of times typed without one and of tables: `--timezone`, else the system's, else UTC."""
        if self._zone is None:
            from helpdesk_cli.domain.zones import zone

            if self._timezone:
                with self._told("timezone"):
                    self._zone = zone(self._timezone)
            else:
                self._zone = self._system_zone()
        return self._zone

    def local(self, at: datetime) -> str:
        """An instant as the user's clocks show it, and in which zone: `2026-03-01 12:00:00 Asia/Riyadh`."""
        zone = self.zone
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S} {getattr(zone, 'key', None) or zone}"

    def _system_zone(self) -> tzinfo:
        from helpdesk_cli.adapters.host import zone_name
        from helpdesk_cli.domain.zones import zone

        name = zone_name()
        try:
            return zone(name)
        except UsageError:
            self.announcements.append(f"the system's time zone {name!r} is unknown, times are in UTC")
            return zone("UTC")

    def actor(self) -> Row | None:
        """The agent who acts: the one that `--as` names, else the one whose login is the process user's.

        None where that user is no agent. Where `--as` names none: NotFoundError, with a suggestion; where it
        names a retired one: RefusedError `retired`.
        """
        from helpdesk_cli.services import lookup

        if self._login is not None:
            database = self.db
            with self._told("actor"):
                return lookup.actor(database, self._login)
        return lookup.agent_of_user(self.db)

    def _check_actor(self) -> None:
        if self._login is not None:
            self.actor()

    def require_agent(self) -> Row:
        """The agent who acts, for what only support may do; RefusedError `no_agent` or `retired` if none."""
        agent = self.actor()
        if agent is None:
            from helpdesk_cli.services import lookup

            raise lookup.user_is_no_agent(self.db)
        return agent

    def without_actor(self) -> None:
        """Leave `--as` out of account: `agent create` may be about to make the very agent it names."""
        self._login = None

    @property
    def rules(self) -> Rules:
        """What the rules of a ticket may ask."""
        return self.policies

    @property
    def policies(self) -> PolicyBook:
        """The versions of the policy."""
        if self._policies is None:
            from helpdesk_cli.services.policy_book import PolicyBook

            self._policies = PolicyBook(self.db)
        return self._policies
