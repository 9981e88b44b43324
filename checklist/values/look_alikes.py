"""Names and ids that a reader takes for the same: compared folded, shown as written."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Final

from checklist.model.as_seen import INVISIBLE, as_seen
from checklist.model.state import Community

_ALIKE: Final = str.maketrans(
    {mark: "(" for mark in "[{【〔〖〘〚《〈「『⟨"}
    | {mark: ")" for mark in "]}】〕〗〙〛》〉」』⟩"}
    | {mark: "-" for mark in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"}
    | {mark: "·" for mark in "•‧∙⋅・"}
)
_AS_OFFICES_WRITE: Final = str.maketrans("()", "（）")
_WHOLE: Final = re.compile(r"(\d+)\.0+")


@lru_cache(8192)
def folded(text: str) -> str:
    """The form in which names are compared: as seen, without blanks, in lower case, with one kind of bracket, dash and
    middle dot. ``Ａ区【一期】`` and ``a 区(一期)`` are one name."""
    return "".join(as_seen(text).translate(_ALIKE).casefold().split())


def folded_id(text: str) -> str:
    """A community's id as it is compared; digits that a program kept as a number lose their ``.0``."""
    id = folded(text)
    whole = _WHOLE.fullmatch(id)
    return whole[1] if whole else id


def made_up_id(name: str) -> str:
    """An id for a community that has only a name: names that look alike have one id, that of the name as most offices
    write it, in capitals and Chinese brackets."""
    return _id_from(folded(name).upper().translate(_AS_OFFICES_WRITE))


def known_ids(community: Community) -> frozenset[str]:
    """The ids under which older files may have the community, folded: one made up from a name was made from its very
    letters before names that look alike were one."""
    made_up = community.id == made_up_id(community.name)
    return frozenset({folded(community.id), *([_id_from(community.name)] if made_up else [])})


def _id_from(text: str) -> str:
    return "c" + hashlib.sha256(text.encode("utf-8")).hexdigest()[:10]


def criterion_id(text: str) -> str:
    """The id of a criterion that was written in full width, in lower case or with another dash: ``ｆａｃ－01``."""
    return folded(text).upper()


def spelled(text: str) -> str:
    """The text with its invisible characters named, for a message about them: ``东湖社区<U+200B>``."""
    return INVISIBLE.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


def is_called(community: Community, text: str) -> bool:
    """Whether a text is the community's name or id, whatever way it is written."""
    return folded(text) == folded(community.name) or folded_id(text) == folded_id(community.id)
