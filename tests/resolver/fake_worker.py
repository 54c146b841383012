"""A child that speaks JSON lines and does what it is told: for tests, without any Poetry.

``{"id", "method": "do", "what": ..}``; see `main`. The first argument says how it starts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def send(message: object) -> None:
    """One line to the host."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main(start: str) -> None:
    """Answer until stdin ends."""
    if start == "dies":
        print("I am dying", file=sys.stderr)
        sys.exit(3)
    if start == "refuses":
        send({"ready": False, "message": "Poetry is half upgraded"})
        sys.exit(1)
    send({"ready": True, "version": "1"})
    for line in sys.stdin:
        message = json.loads(line)
        number, what = message["id"], message.get("what")
        if message["method"] == "cancel":
            continue  # nothing is done when it is read: nothing to cancel
        if what == "echo":
            send({"id": number, "result": message.get("value")})
        elif what == "step":
            for done in range(3):
                send({"id": number, "step": {"done": done, "package": "flask"}})
            send({"id": number, "result": {}})
        elif what == "garbage":
            sys.stdout.write("this is no JSON\n[]\n\n\xe4\xf6\n")
            send({"id": 12345, "result": "of another"})
            send({"id": number, "result": "mine"})
        elif what == "talk":
            sys.stderr.write("x" * 100_000 + "\n" + "noise\n" * 100_000 + "the last line\n")
            sys.stderr.flush()
            send({"id": number, "result": {}})
        elif what == "flood":
            sys.stdout.write("x" * message["bytes"])
            sys.stdout.flush()
            time.sleep(600)
        elif what == "die":
            os._exit(7)
        elif what == "hang":
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            send({"id": number, "step": {"done": 1, "package": "hanging"}})
            time.sleep(600)
        elif what == "wait":
            send({"id": number, "step": {"done": 1, "package": "waiting"}})
            cancel = json.loads(sys.stdin.readline())
            assert cancel == {"method": "cancel", "id": number}
            send({"id": number, "result": {"kind": "cancelled"}})


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
