"""Names the modules in which a function takes or returns a text, in a process that starts with it.

Written as `sitecustomize.py` into a folder of PYTHONPATH; the text is in WALKED, the answer goes
into the file that WALK_TOLD names.
"""

import atexit
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

WALKED, TOLD = os.environ["WALKED"], os.environ["WALK_TOLD"]
modules: set[str] = set()


def holds(value: Any) -> bool:
    """Whether this is the text, or holds it as a text."""
    if isinstance(value, bytes):
        return WALKED.encode() in value
    return isinstance(value, str) and WALKED in value


def look(frame: Any, event: str, result: Any) -> None:
    """One call or return."""
    module = frame.f_globals.get("__name__", "")
    if module in modules or not module.startswith("reconciler."):
        return
    if module.startswith("reconciler.sandbox") or event not in ("call", "return"):
        return
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    values = [frame.f_locals.get(name) for name in names] if event == "call" else [result]
    if any(map(holds, values)):
        modules.add(module)


def told() -> None:
    """What was seen, at the end of the process."""
    sys.setprofile(None)
    Path(TOLD).write_text(json.dumps(sorted(modules)), "utf-8")


atexit.register(told)
threading.setprofile(look)
sys.setprofile(look)
