"""What holds for all tests."""

import os

from hypothesis import settings

# speed is measured in benchmarks/: a busy machine fails no test
#: the same examples every time, so that a red run is about the change that it is for
settings.register_profile("gate", deadline=None, derandomize=True)
#: other examples every time, to look for what nobody has thought of: HYPOTHESIS_PROFILE=explore make test-fast
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))
