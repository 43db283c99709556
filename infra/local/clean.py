"""`python -m infra.local.clean`: forget the state of the local stack."""

import shutil
import sys

from infra.local.settings import SettingsError, local_settings


def main() -> int:
    """Remove the state directory."""
    try:
        shutil.rmtree(local_settings().state, ignore_errors=True)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
