"""`python -m tests.local.tiny`: the local stack with the small assembly in place of the product's."""

import os

from infra.local.serve import end, serve
from tests.local.template import TinyTemplates

if __name__ == "__main__":
    end(serve(TinyTemplates(os.environ.get("TINY_MARK", ""))))
