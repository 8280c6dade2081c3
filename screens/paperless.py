"""Before time and money: the printer does not work. What that means, and the choice to go on or to stop."""

from __future__ import annotations

from kiosk.journey import events as e
from screens.screen import Screen


class AgreeingNoPaperScreen(Screen):
    """No paper will come; what there is instead."""

    changes_language = True

    def draw(self) -> None:
        """Place the words on the left, the picture on the right."""
        content = self.frame()
        left, right = content.cut_left(content.width * 0.6, self.theme.u(7))
        self.illustration(right, "sorry")
        rest = self.title(left, "no-paper-title")
        service = self.state.journey.service
        slip = service is not None and service.paper == "slip"
        strip, rest = rest.cut_bottom(self.theme.u(24), self.theme.u(3))
        self.banner(
            strip, "no-paper-instead", self.text("no-paper-slip-instead" if slip else "no-paper-instead"), "info"
        )
        self.words(rest, "no-paper-slip" if slip else "no-paper", "lead", valign="top")
        self.exits(back=not self.state.confirmed)
        self.onward("no-paper-go-on", e.PaperlessAccepted, "next", 84)
