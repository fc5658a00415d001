"""What holds for every test: no example is wrong because the machine was slow that day."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "any machine",
    # On a CI system hypothesis has a profile of its own (the same examples each time).
    parent=settings.default,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("any machine")
