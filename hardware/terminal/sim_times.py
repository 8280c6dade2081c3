"""The time-outs of the simulated ZVT terminal, in seconds; every wait that is not one of ``hardware.sim_times`` is one of these."""

from __future__ import annotations

from msgspec import Struct


class Timings(Struct, frozen=True, kw_only=True):
    """The time-outs of the protocol, at their default values.

    t1_s         between two bytes of a frame (PA00P016 3.4.1)
    t2_s         from a frame to its ACK or NAK (3.4.2)
    t3_s         from a command to its response 80 00 / 84 xx (5.2.5)
    goods_s      from 04 0F to the response that lets the sale stand, unless BMP 01 of 06 01 says otherwise (PA00P015 2.2.1)
    ask_again_s  from 84 9C 00 to the next 04 0F (PA00P015 2.2.6)
    card_s       for the card holder to present a card (the maker's choice)
    status_every_s  between two equal intermediate statuses while waiting for the card holder (the maker's choice)
    """

    t1_s: float = 0.2
    t2_s: float = 5.0
    t3_s: float = 5.0
    goods_s: float = 30.0
    ask_again_s: float = 2.0
    card_s: float = 60.0
    status_every_s: float = 10.0
