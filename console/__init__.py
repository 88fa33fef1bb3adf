"""The console: a terminal's view on the gateway, and the commands around it."""

import sys
from typing import Any, cast

# httpx loads a command line of its own, and pygments with it, where it finds them: a fifth of the console's
# start. What cannot be imported it does without.
cast(dict[str, Any], sys.modules).setdefault("httpx._main", None)
