"""Every Python process believes that it is TESTS_DAYS_LATER days later than it is.

Python imports this file by itself where its folder is on PYTHONPATH. A test, an example or a
benchmark that is only right for a while fails today then, and not on the day itself.
"""

import os
from datetime import UTC, datetime, timedelta

import time_machine

_days = timedelta(days=float(os.environ["TESTS_DAYS_LATER"]))
time_machine.travel(datetime.now(UTC) + _days, tick=True).start()
