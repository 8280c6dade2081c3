"""What the citizen reads: the message ids that a screen uses, and that no language lacks one."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from kiosk.journey import state as s
from kiosk.journey.state_document import PrintingDocument
from kiosk.journey.state_fiscal import CheckingSale, FilingUnregistered, RegisteringSale
from kiosk.journey.state_matters import AskingCopy, FindingMatters, PrintingCopy, ShowingMatters
from kiosk.journey.state_newcomer import EndedByCard
from kiosk.journey.state_paper import AgreeingNoPaper
from kiosk.language import Language, load_languages

CONFIG = Path(__file__).parents[2] / "config"

WAITS = (
    s.Quoting, s.PreparingPayment, s.SettlingPayment, s.CheckingPayment, s.ReversingPayment, s.Submitting,
    s.FilingClaim, s.Printing, FindingMatters, AskingCopy, PrintingCopy, PrintingDocument,
    RegisteringSale, CheckingSale, FilingUnregistered,
)  # fmt: skip


@functools.cache
def languages() -> dict[str, Language]:
    """Read the shipped catalogues, once."""
    return load_languages(CONFIG / "languages", ("az", "ru", "en"))


def message_ids(state: s.State) -> set[str]:
    """Return the ids that the screen of this state uses for what it has to say."""
    notice = getattr(state, "notice", "")
    ids = {word("notice", notice)} if notice else set()
    match state:
        case s.OutOfService(reason):
            ids |= {"out-of-service-title", word("out-of-service", reason)}
        case s.Apology(_, reason):
            ids |= {"apology-title", "apology-nothing-taken", word("apology", reason)}
        case s.TakingPayment(stopping=True):
            ids |= {"stopping-title", "stopping-wait"}
        case s.TakingPayment(progress=progress):
            ids |= {word("terminal", progress.code), f"{word('terminal', progress.code)}-do"}
        case s.StillThere():
            ids |= {f"still-there-{part}" for part in ("title", "explained", "yes", "no")}
        case s.EnteringKey(mistakes=mistakes, notice="") if mistakes:
            ids |= {"notice-wrong-key"}
        case ShowingMatters(journey):
            ids |= (
                (set() if state.notice else {"matters-title"})
                if journey.matters
                else {"matters-none-title", "matters-none"}
            )
            ids |= {word("matter", matter.standing) for matter in journey.matters} | {"copy-again"}
        case AgreeingNoPaper():
            ids |= {"no-paper-title", "no-paper", "no-paper-slip", "no-paper-instead", "no-paper-go-on"}
        case s.Farewell(printed=""):
            ids |= {"farewell-seen-title", "farewell-seen"}
        case s.Farewell(paper="statement"):
            ids |= {"farewell-statement-title", "farewell-statement", word("paper-came", state.printed)}
        case s.Farewell(sheet=True):
            ids |= {"farewell-slip-title", "farewell-slip", f"{word('paper-came', state.printed)}-sheet"}
        case s.Farewell(paper="slip"):
            ids |= {"farewell-slip-title", "farewell-slip", word("paper-came", state.printed)}
        case s.Farewell(outcome=outcome, printed=printed):
            ids |= {f"farewell-{outcome}-title", f"farewell-{outcome}", word("paper-came", printed)}
        case EndedByCard():
            ids |= {"ended-by-card-title", "ended-by-card", "apology-nothing-taken"}
    if isinstance(state, s.Farewell | EndedByCard) and state.card_inside:
        ids |= {"take-card"}
    if isinstance(state, WAITS):
        name = kebab(type(state).__name__)
        ids |= {f"{name}-title", f"{name}-wait"}
    return ids


def word(kind: str, value: str) -> str:
    """Return the id of a word of the catalogue."""
    return f"{kind}-{value.replace('_', '-')}"


def kebab(name: str) -> str:
    """Return a class's name as it stands in ids: TakingPayment, taking-payment."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


def missing(ids: set[str]) -> set[str]:
    """Return language and id of every message that some language lacks."""
    return {f"{code}: {each}" for each in ids for code, language in languages().items() if not language.has(each)}
