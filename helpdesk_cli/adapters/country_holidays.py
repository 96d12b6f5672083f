"""The public holidays of a country, from the `holidays` package: what `country_holidays` in a calendar means.

The dates are written into the policy's document when a file is read, so only `plan check`, `plan diff`,
`plan apply` and `init` load the package. It is an extra. Names are English where the package has them, and
say "(estimated)" where a date depends on the moon. Its `weekend` is not used: the week is the calendar's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helpdesk_cli.domain.suggest import closest, shown
from helpdesk_cli.errors import PolicyError

if TYPE_CHECKING:
    from datetime import date

YEARS_BEFORE, YEARS_AFTER = 1, 10  # around the year in which the file is read
_CODE = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")


def holidays_version() -> str | None:
    """The version of the `holidays` package, None where it is not installed."""
    try:
        import holidays
    except ImportError:
        return None
    return str(holidays.__version__)  # type: ignore[attr-defined]


def country_dates(code: str, year: int) -> dict[str, str]:
    """date -> name for a code such as `SA`, `FR` or `DE-BY`, from a year before `year` to ten after it.

    PolicyError for an unknown code, and where the package is not installed.
    """
    found = _CODE.fullmatch(code)
    if found is None:
        raise PolicyError(f"{shown(code)} is not the code of a country", hint="write it as SA, FR or DE-BY")
    try:
        import holidays
    except ImportError:
        raise PolicyError(
            f"the holidays of {code} are looked up by a package that is not installed",
            hint="pip install 'helpdesk-cli[holidays]'",
        ) from None
    country, region = found.groups()
    known = holidays.list_supported_countries()
    if country not in known:
        near = closest(country, known)
        raise PolicyError(
            f"no holidays are known for {code}", hint=f"did you mean {near!r}?" if near else None
        )
    if region is not None and region not in known[country]:
        regions = ", ".join(known[country])
        raise PolicyError(
            f"no holidays are known for the part {region} of {country}",
            hint=f"its parts are {regions}" if regions else f"write {country}",
        )
    return {day.isoformat(): name for day, name in _holidays(country, region, year)}


def _holidays(country: str, region: str | None, year: int) -> list[tuple[date, str]]:
    import holidays

    years = range(year - YEARS_BEFORE, year + YEARS_AFTER + 1)
    try:  # the classes of some countries hide estimates unless asked; the others do not know the question
        dates = holidays.country_holidays(
            country, subdiv=region, years=years, language="en_US", islamic_show_estimated=True
        )
    except (TypeError, ValueError):
        dates = holidays.country_holidays(country, subdiv=region, years=years, language="en_US")
    return sorted(dates.items())
