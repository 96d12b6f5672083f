"""A command-line helpdesk on one SQLite file: tickets, plans as code, exact SLA clocks."""

__version__ = "0.1.0"
