"""A paper once more: what the pure machine makes of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from kiosk.domain.receipt import NotStarted, Printed, Unverified
from kiosk.journey import events as e
from kiosk.journey.effects import AskCopy, PaperAbandoned, PrintPaper
from kiosk.journey.state import Answering, Apology, Welcome
from kiosk.journey.state_matters import AskingCopy, PrintingCopy, ShowingMatters
from tests.journey.play import AYGUN, COPY, MATTER, SERVICES, Play


def test_the_paper_is_composed_of_what_the_centre_kept():
    """The paper ordered is the one the centre named, with its number, its service and its reference."""
    play = Play().to_printing_copy()
    paper = play.orders[-1]
    assert isinstance(paper, PrintPaper)
    assert (paper.paper, paper.copy, paper.journey.reference) == ("receipt", COPY.number, MATTER.reference)
    assert paper.journey.service == SERVICES["electricity"]
    assert paper.journey.citizen is None


def test_by_card_the_holder_is_named_to_the_centre_and_by_code_nobody():
    """The question says by what right it is asked: the card's holder, or the code alone."""
    by_card = Play().to_asking_copy().orders[-1]
    assert isinstance(by_card, AskCopy)
    assert (by_card.code, by_card.citizen) == ("", AYGUN)
    play = Play().to_choosing().event(e.ServiceChosen(SERVICES["payment-status"]))
    play.event(e.AnswerGiven("code", "AGALI1000009")).event(e.MattersFound(play.order, (MATTER,)))
    by_code = play.event(e.CopyWanted(MATTER.reference)).orders[-1]
    assert (by_code.code, by_code.citizen) == ("AGALI1000009", None)


@pytest.mark.parametrize("reference", ["?", ""])
def test_only_what_is_shown_is_asked_for(reference):
    """A paper of no matter on the screen is not asked for."""
    play = Play().to_matters()
    before = play.kiosk
    assert play.event(e.CopyWanted(reference)).kiosk == before


def test_a_matter_without_a_paper_is_not_asked_for():
    """What the centre cannot give is not asked for."""
    play = Play().to_matters()
    bare = replace(play.state.journey, matters=(replace(MATTER, paper=""),))
    play.kiosk = replace(play.kiosk, state=ShowingMatters(bare))
    assert isinstance(play.event(e.CopyWanted(MATTER.reference)).state, ShowingMatters)


@pytest.mark.parametrize(
    ("answer", "notice"),
    [
        (e.CentralUnanswered, "copy_no_central"),
        (e.OrderOverdue, "copy_no_central"),
        (lambda order: e.QuoteRefused(order, "unknown-account"), "copy_refused"),
    ],
)
def test_without_an_answer_the_matters_stay_and_it_is_told(answer, notice):
    """A silent or refusing centre ends nothing: the matters are shown again with a sentence."""
    play = Play().to_asking_copy()
    play.event(answer(play.order))
    assert isinstance(play.state, ShowingMatters)
    assert (play.state.notice, play.state.journey.matters) == (notice, (MATTER,))


def test_asked_again_it_is_the_same_copy_until_one_may_have_come_out():
    """The key stays while nothing came out, so that the centre counts once; after a paper the next one is another."""
    play = Play().to_asking_copy()
    keys = [play.orders[-1].key]
    play.event(e.CentralUnanswered(play.order)).event(e.CopyWanted(MATTER.reference))
    keys.append(play.orders[-1].key)
    play.event(e.CopyGiven(play.order, COPY)).event(e.ReceiptEnded(play.order, NotStarted("paper_out")))
    assert play.state.notice == "copy_not_started"
    keys.append(play.event(e.CopyWanted(MATTER.reference)).orders[-1].key)
    play.event(e.CopyGiven(play.order, COPY)).event(e.ReceiptEnded(play.order, Unverified("unconfirmed")))
    keys.append(play.event(e.CopyWanted(MATTER.reference)).orders[-1].key)
    assert keys[0] == keys[1] == keys[2] != keys[3]


def test_each_paper_of_a_visit_has_its_own_key():
    """Another paper, and the same one after a look at something else, is never asked for under a key that was used."""
    other = replace(MATTER, reference="AGALI-1-7KQ-000010")
    play, keys = Play().to_matters(), []
    for matter in (MATTER, other, MATTER):
        play.kiosk = replace(play.kiosk, state=ShowingMatters(replace(play.state.journey, matters=(matter,))))
        play.event(e.CopyWanted(matter.reference))
        keys.append(play.orders[-1].key)
        play.event(e.CopyGiven(play.order, replace(COPY, reference=matter.reference)))
        play.event(e.ReceiptEnded(play.order, Printed()))
    assert len(set(keys)) == 3


def test_a_paper_about_another_says_who_asked():
    """The copy of a document about somebody else names who asked for it, as the original did, and knows nothing more of the other."""
    play = Play().to_asking_copy()
    play.event(e.CopyGiven(play.order, replace(COPY, about_another=True)))
    assert play.orders[-1].journey.citizen == AYGUN
    assert play.orders[-1].journey.subject is not None


def test_what_became_of_the_copy_is_told():
    """After the paper the matters are shown again, and the next visit knows nothing of it."""
    play = Play().to_printing_copy()
    play.event(e.ReceiptEnded(play.order, Printed()))
    assert (play.state.notice, play.state.journey.copy_keys) == ("copy_printed", {})
    play.event(e.Acknowledged())  # the card is still inside: the last screen asks for it
    assert isinstance(play.event(e.Acknowledged()).state, Welcome)


def test_after_a_power_cut_nothing_is_printed_for_nobody():
    """Whoever asked is gone: a copy is neither asked for nor printed again."""
    assert isinstance(Play().to_asking_copy().state, AskingCopy)
    play = Play().to_printing_copy()
    assert isinstance(play.state, PrintingCopy)
    orders = len(play.orders)
    assert isinstance(play.restart().state, Welcome)
    assert PaperAbandoned() in play.effects  # its rest is cut off before the next person's paper
    asked = Play().to_asking_copy()
    assert isinstance(asked.restart().state, Apology)
    assert (len(play.orders), len(asked.orders)) == (orders, orders - 1)


def test_a_visit_guesses_few_codes():
    """After five unknown codes the visit ends with a sentence; so does one whose kiosk the centre bears no more."""
    for problem, asked in (("unknown-account", 5), ("too-many-tries", 1)):
        play = Play().to_choosing().event(e.ServiceChosen(SERVICES["payment-status"]))
        for _ in range(asked):
            assert isinstance(play.state, Answering)
            play.event(e.AnswerGiven("code", "AGALI1000009")).event(e.QuoteRefused(play.order, problem))
        assert isinstance(play.state, Apology)
        assert play.state.reason == "too_many_codes"
