"""What the kiosk says, and how: messages, plural rules, numbers, money and dates as the citizen writes them.

``catalogue`` loads Project Fluent messages, ``letters`` knows Azerbaijani casing and collation, ``check`` finds every
mistake in a set of catalogues before a citizen can.
"""

from kiosk.language.catalogue import Language, load_languages
from kiosk.language.letters import az_key, az_lower, az_upper

__all__ = ["Language", "az_key", "az_lower", "az_upper", "load_languages"]
