"""`python -m infra.local.token`: print a fresh token for the local API, and nothing else."""

import argparse
import sys
from collections.abc import Sequence

from infra.local.identity import token
from infra.local.settings import SettingsError, local_settings


def main(arguments: Sequence[str]) -> int:
    """Print a token for the arguments."""
    parser = argparse.ArgumentParser(prog="infra.local.token", description=__doc__)
    parser.add_argument("--subject", default="local", help="who calls (default: local)")
    parser.add_argument("--permission", action="append", help="may be repeated (default: all permissions)")
    parser.add_argument("--project", action="append", default=[], help="may be repeated (default: all projects)")
    parser.add_argument("--expires", type=int, default=24 * 3600, help="seconds (default: a day)")
    wanted = parser.parse_args(arguments)
    try:
        printed = token(
            local_settings(),
            subject=wanted.subject,
            permissions=wanted.permission,
            projects=wanted.project,
            expires=wanted.expires,
        )
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    print(printed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
