"""`python -m infra.packaging [aws|local]`: build the dependencies layer and print where it is."""

import sys

from infra.packaging.dependencies import PackagingError, build_dependencies
from infra.packaging.platform import LayerPlatform


def main(arguments: list[str]) -> int:
    """Build for the named platform, `aws` when none is named."""
    try:
        print(build_dependencies(LayerPlatform(arguments[0]) if arguments else LayerPlatform.AWS).directory)
    except (PackagingError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
