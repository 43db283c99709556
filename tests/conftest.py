"""What holds for all tests."""

from hypothesis import settings

# speed is measured in benchmarks/: a busy machine fails no test
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
