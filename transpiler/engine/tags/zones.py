"""Go's time zones: offset and abbreviation at each moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from transpiler.engine.tags.errors import ExpressionError


class Zone(Struct, frozen=True):
    """A time zone: one of the database by its name, or a fixed offset in seconds."""

    name: str
    offset: int | None = None
    type_name = "*time.Location"

    def at(self, seconds: int) -> tuple[str, int]:
        """The abbreviation and the offset in seconds that hold at a time, in seconds from the epoch."""
        if self.offset is not None:
            return self.name, self.offset
        limited = min(max(seconds, -62_135_510_400), 253_402_214_400)
        moment = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=limited)).astimezone(_zone_info(self.name))
        offset = moment.utcoffset()
        return moment.tzname() or "", int(offset.total_seconds()) if offset is not None else 0


UTC_ZONE: Final = Zone("UTC", 0)


@lru_cache(maxsize=256)
def _zone_info(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone(name: str) -> Zone:
    """The zone of a name. Raises ExpressionError for one that Go's database lacks. The controller's own is UTC."""
    if name in {"", "UTC", "Local"}:
        return UTC_ZONE
    try:
        if ".." in name or name[:1] in {"/", "\\"} or "\\" in name:
            raise ExpressionError("time: invalid location name")
        _zone_info(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ExpressionError(f"unknown time zone {name}") from None
    return Zone(name)
