"""What kinds of printer the simulator can be: what each answers, and where the cheap ones differ from the manual."""

from __future__ import annotations

from dataclasses import dataclass, field


def _tables(list_of_pages: str) -> dict[int, str]:
    return {int(n): codec for n, codec in (page.split(":") for page in list_of_pages.split())}


# ESC t n → Python codec. The number means nothing without the model.
EPSON_TABLES = _tables(
    "0:cp437 2:cp850 3:cp860 4:cp863 5:cp865 13:cp857 14:cp737 15:iso8859_7 16:cp1252 17:cp866 18:cp852 19:cp858 "
    "33:cp775 34:cp855 35:cp861 36:cp862 37:cp864 39:iso8859_2 40:iso8859_15 45:cp1250 46:cp1251 47:cp1253 "
    "48:cp1254 49:cp1255 50:cp1256 51:cp1257 52:cp1258 53:kz1048"
)
CLONE_TABLES = _tables("0:cp437 2:cp850 16:cp1252 17:cp866 18:cp852 46:cp1251 48:cp1254 61:cp857")


@dataclass(frozen=True, kw_only=True)
class Model:
    """One kind of printer: which replies it gives and which commands it leaves out."""

    name: str
    answers: bool = True
    process_id: bool = True
    auto_status: bool = True
    presents: bool = False
    width_dots: int = 576
    identifies: bool = True
    clears_buffer: bool = True
    feeds_dots: bool = True
    cuts_with_feed: bool = True
    eats_line_feed_after_raster: bool = False
    font_choice_resets_table: bool = False
    tables: dict[int, str] = field(default_factory=lambda: EPSON_TABLES)
    texts: dict[int, str] = field(default_factory=dict)


_TEXTS = {65: "30.21", 66: "EPSON", 67: "TM-T88V", 68: "SIM0000001"}

MODELS = {
    "epson": Model(name="epson", texts=_TEXTS),
    "tx_only": Model(name="tx_only", answers=False, texts=_TEXTS),
    "custom": Model(
        name="custom", process_id=False, auto_status=False, clears_buffer=False, presents=True, texts={67: "VKP80III"}
    ),
    "custom_a4": Model(
        name="custom_a4",
        process_id=False,
        auto_status=False,
        clears_buffer=False,
        presents=True,
        width_dots=1648,
        texts={67: "KPM216H"},
    ),
    "clone": Model(
        name="clone",
        process_id=False,
        auto_status=False,
        identifies=False,
        clears_buffer=False,
        feeds_dots=False,
        cuts_with_feed=False,
        eats_line_feed_after_raster=True,
        font_choice_resets_table=True,
        tables=CLONE_TABLES,
    ),
}
