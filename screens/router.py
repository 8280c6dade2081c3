"""Which screen draws which state. Others may add screens by the entry point group ``kiosk.screens``.

An entry point is named like the state's class and loads a ``Screen`` subclass; it takes the place of ours.
"""

from __future__ import annotations

from importlib.metadata import entry_points

from kiosk.domain.draft import Draft
from kiosk.journey import state as s
from kiosk.journey import state_cash as c
from kiosk.journey import state_document as a
from kiosk.journey import state_fiscal as f
from kiosk.journey import state_key as d
from kiosk.journey import state_matters as m
from kiosk.journey import state_newcomer as n
from kiosk.journey import state_paper as p
from kiosk.journey import state_technician as k
from kiosk.journey.state import Kiosk, State
from screens import (
    asking,
    cash,
    choosing,
    collecting,
    confirming,
    filling,
    fulfilling,
    identifying,
    keys,
    matters,
    paperless,
    paying,
    resting,
    servicing,
    technician,
)
from screens.screen import Context, Screen

GROUP = "kiosk.screens"

SCREENS: dict[type[State], type[Screen]] = {
    s.Welcome: resting.WelcomeScreen,
    s.OutOfService: resting.OutOfServiceScreen,
    s.Choosing: choosing.ChoosingScreen,
    p.AgreeingNoPaper: paperless.AgreeingNoPaperScreen,
    s.PresentingCard: identifying.PresentingCardScreen,
    s.EnteringKey: identifying.EnteringKeyScreen,
    d.FindingDigits: keys.FindingDigitsScreen,
    d.EnteringDocument: keys.EnteringDocumentScreen,
    d.WithoutChip: keys.WithoutChipScreen,
    s.ReadingCard: identifying.ReadingCardScreen,
    s.Answering: filling.AnsweringScreen,
    s.Quoting: filling.QuotingScreen,
    s.Confirming: confirming.ConfirmingScreen,
    s.PreparingPayment: paying.PreparingPaymentScreen,
    s.TakingPayment: paying.TakingPaymentScreen,
    s.SettlingPayment: paying.SettlingPaymentScreen,
    s.CheckingPayment: paying.CheckingPaymentScreen,
    s.ReversingPayment: paying.ReversingPaymentScreen,
    c.PreparingCash: cash.PreparingCashScreen,
    c.TakingCash: cash.TakingCashScreen,
    c.ChoosingSurplus: cash.ChoosingSurplusScreen,
    c.StackingNote: cash.StackingNoteScreen,
    c.AcknowledgingNote: cash.StackingNoteScreen,
    c.ReturningNote: cash.ReturningNoteScreen,
    c.CheckingNote: cash.CheckingNoteScreen,
    m.FindingMatters: matters.FindingMattersScreen,
    m.ShowingMatters: matters.ShowingMattersScreen,
    m.AskingCopy: matters.AskingCopyScreen,
    m.PrintingCopy: matters.PrintingCopyScreen,
    s.Submitting: fulfilling.SubmittingScreen,
    f.RegisteringSale: fulfilling.RegisteringSaleScreen,
    f.CheckingSale: fulfilling.CheckingSaleScreen,
    f.FilingUnregistered: fulfilling.FilingUnregisteredScreen,
    s.FilingClaim: fulfilling.FilingClaimScreen,
    s.Printing: fulfilling.PrintingScreen,
    a.PrintingDocument: fulfilling.PrintingDocumentScreen,
    s.Farewell: fulfilling.FarewellScreen,
    s.Apology: fulfilling.ApologyScreen,
    n.EndedByCard: fulfilling.EndedByCardScreen,
    s.StillThere: asking.StillThereScreen,
    s.AskingPin: servicing.AskingPinScreen,
    k.AskingCard: technician.AskingCardScreen,
    s.Servicing: servicing.ServicingScreen,
    c.CollectingCash: collecting.CollectingCashScreen,
    c.FilingCollection: collecting.FilingCollectionScreen,
    c.PrintingCollection: collecting.PrintingCollectionScreen,
}


class Router:
    """Builds the screen of a state."""

    def __init__(self, screens: dict[type[State], type[Screen]] | None = None) -> None:
        self._screens = {**SCREENS, **_plugged_in(), **(screens or {})}
        asking.StillThereScreen.below_of = staticmethod(self.build)

    def build(self, kiosk: Kiosk, context: Context, draft: Draft | None = None) -> Screen:
        """Return the screen of ``kiosk.state``, drawn. KeyError for a state without a screen."""
        return self._screens[type(kiosk.state)](kiosk, context, draft)

    def covers(self) -> set[type[State]]:
        """Return the states that have a screen."""
        return set(self._screens)


def _plugged_in() -> dict[type[State], type[Screen]]:
    return {
        next(
            found for states in (s, a, c, d, f, k, m, n, p) if (found := getattr(states, point.name, None))
        ): point.load()
        for point in entry_points(group=GROUP)
    }
