"""Names that the seeded domain is made of: ids, people and places, all drawn from its seed."""

from dataclasses import dataclass
from random import Random
from uuid import UUID

from reconciler.sandbox.arns import Place, Told
from reconciler.sandbox.seeding.scene import FIELDS, TEMPLATES

AGENTS = 12
QUEUES = ("Care", "Billing", "Logistics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """All ids of one seeded domain."""

    seed: int
    name: str
    told: Told
    place: Place
    domain_id: str
    instance_id: str
    fields: dict[str, str]
    templates: dict[str, str]
    agents: tuple[str, ...]
    queues: tuple[str, ...]


def cast_of(seed: int, name: str, told: Told) -> Cast:
    """The cast of a domain: the same for the same seed and name, but for a domain id a place."""
    place = Place.of("", "", told)
    random = Random(f"{seed}/{name}")
    domain_id, instance_id = uuid_from(random), uuid_from(random)
    if place != Place():
        domain_id = uuid_from(Random(f"{seed}/{name}/{place.account}/{place.region}"))
    instance = f"arn:aws:connect:{place.region}:{place.account}:instance/{instance_id}"
    return Cast(
        seed=seed,
        name=name,
        told=told,
        place=place,
        domain_id=domain_id,
        instance_id=instance_id,
        fields={field.name: uuid_from(random) for field in FIELDS},
        templates={template.name: uuid_from(random) for template in TEMPLATES},
        agents=tuple(f"{instance}/agent/{uuid_from(random)}" for _ in range(AGENTS)),
        queues=tuple(f"{instance}/queue/{uuid_from(random)}" for _ in QUEUES),
    )


def uuid_from(random: Random) -> str:
    """A version 4 UUID out of a source of random numbers."""
    return str(UUID(int=random.getrandbits(128), version=4))
