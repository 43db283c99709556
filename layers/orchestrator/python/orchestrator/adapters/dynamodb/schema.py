"""The table as data: keys and indexes. Infrastructure declares the same; a test compares the two."""

from typing import Final, NamedTuple


class Index(NamedTuple):
    """A secondary index: its name and key attributes. All project every attribute."""

    name: str
    partition_key: str
    sort_key: str


PARTITION_KEY: Final = "pk"
SORT_KEY: Final = "sk"
TTL_ATTRIBUTE: Final = "ttl"
#: strongly consistent view of what is open in an instance; sparse
OPEN: Final = Index("open", PARTITION_KEY, "open_sk")
GSI1: Final = Index("gsi1", "gsi1pk", "gsi1sk")
GSI2: Final = Index("gsi2", "gsi2pk", "gsi2sk")
GSI3: Final = Index("gsi3", "gsi3pk", "gsi3sk")
#: work of services in the order in which it is due; sparse
GSI4: Final = Index("gsi4", "gsi4pk", "gsi4sk")
GLOBAL_INDEXES: Final = (GSI1, GSI2, GSI3, GSI4)
