"""The rules for text: what may be shown, how names compare, how wide a line is. Standard library only."""

from teahouse.text.addresses import is_public, web_address
from teahouse.text.cleaning import clean
from teahouse.text.durations import parse_duration, show_duration
from teahouse.text.layout import pad, width, wrap
from teahouse.text.lookalikes import skeleton, text_skeleton
from teahouse.text.moments import parse_moment
from teahouse.text.names import fold, valid_name, valid_room_name
from teahouse.text.plain import to_ascii
from teahouse.text.sizes import show_size
from teahouse.text.words import mentions, nearest

__all__ = [
    "clean",
    "fold",
    "is_public",
    "mentions",
    "nearest",
    "pad",
    "parse_duration",
    "parse_moment",
    "show_duration",
    "show_size",
    "skeleton",
    "text_skeleton",
    "to_ascii",
    "valid_name",
    "valid_room_name",
    "web_address",
    "width",
    "wrap",
]
