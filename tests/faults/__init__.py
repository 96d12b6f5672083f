"""What a helpdesk goes through and must keep its promises in: `python -m tests.faults [--full] [ROW...]`.

Kills at every write, disks that fail, locks, crowds, damaged files, clocks that jump, signals, lost output.
`test_faults_in_short.py` runs a short form of each; a test is named as its case is: `[kill/create]`.

    kill, random-kill           kills.py      file                        files.py
    ENOSPC, EIO, full-disk      disk.py       cadence, clock              months.py
    sync                        durable.py    streams, signal, arguments  streams.py
    lock                        locks.py      crowd                       crowd.py
"""
