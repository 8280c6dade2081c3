"""The technician's screens: the PIN, and the devices with their health, tests and advice."""

from __future__ import annotations

from collections.abc import Hashable

from kiosk.domain.health import DEVICES, OPTIONAL, DeviceName, Health, SelfTest, Unknown
from kiosk.journey import events as e
from kiosk.journey.technician import may
from kiosk.language import devices
from screens import theme as t
from screens.area import Area
from screens.icons import icon
from screens.identifying import SecretScreen
from screens.screen import Screen
from screens.widgets import PRIMARY, SECONDARY, Block, button

FEW_DEVICES = 5
"""More rows than these leave no room for a line above them."""
LEAST_GAP_MM = 1.21
LONGEST_PIN = 8
SHORTEST_PIN = 4
ICON_OF: dict[DeviceName, str] = {
    "card": "card",
    "terminal": "terminal",
    "printer": "printer",
    "panel": "plug",
    "central": "network",
    "cash": "note",
    "scanner": "card",
    "fiscal": "document",
    "document": "document",
}
TONES = {
    "ready": (t.GOOD, t.GOOD_TINT),
    "passed": (t.GOOD, t.GOOD_TINT),
    "degraded": (t.WARN, t.WARN_TINT),
    "failed": (t.STOP, t.STOP_TINT),
    "unknown": (t.SOFT, t.SUNKEN),
}


def tone_of(word: str) -> str:
    """Return the tone of what is said: a paper that may be missing, and what failed, must not be overlooked."""
    if word.endswith(("unverified", "partial", "not_started", "failed", "no_list", "overdue")):
        return "warn"
    return "good" if word.endswith("printed") else "info"


class AskingPinScreen(SecretScreen):
    """Asks for the technician's PIN; locked after too many wrong ones until the door is closed."""

    digits = LONGEST_PIN
    least = SHORTEST_PIN

    def draft_key(self) -> Hashable:
        """One draft per try."""
        return "pin", self.state.mistakes

    def draw(self) -> None:
        """Place the question and the pad."""
        theme = self.theme
        content = self.frame()
        left, right = self.columns(content)
        rest = self.title(left, "asking-pin-title")
        strip, rest = rest.cut_bottom(theme.u(23), theme.u(4))
        self.ask(strip, self.text("asking-pin-field"))
        if self.state.mistakes or self.state.locked:
            notice, rest = rest.cut_bottom(theme.u(22), theme.u(3))
            word = "asking-pin-locked" if self.state.locked else "asking-pin-wrong"
            self.banner(notice, word, self.text(word), "stop")
        self.words(rest, "asking-pin-checking" if self.state.order else "asking-pin-explained", "body", valign="top")
        self.pad = self.digits_pad(right)
        self.onward_button = self.onward("onward", self.enter)
        if self.kiosk.way_in == "card_or_pin":
            area, free = self._bar().cut_left(theme.touch(72))[0], not self.state.order
            self.footer_button(area, "card-instead", lambda: e.WayInChosen("card"), "", look=SECONDARY, enabled=free)
        self.refresh()

    def refresh(self) -> None:
        """Offer nothing while a PIN is being checked or no more may be tried."""
        super().refresh()
        if self.state.locked or self.state.order:
            self.pad.offer(frozenset(), erase=False)
            self.onward_button.set_enabled(False)

    def enter(self) -> e.Event:
        """Send the PIN."""
        return e.PinEntered(self.take())


class ServicingScreen(Screen):
    """One row a device: how it is, what its test saw, what to do about it."""

    uses_health = True

    def draw(self) -> None:
        """Place the devices and what can be ordered."""
        theme = self.theme
        word = self.state.busy or self.state.notice
        notice_id = self.language.word_id("servicing", word) if word else ""
        many = len(self._names()) > FEW_DEVICES
        if theme.compact or many:  # no room but in the header
            self.headline = notice_id or "servicing-title"
            self.headline_tone = tone_of(word) if tone_of(word) == "warn" else ""
        content = self.frame()
        if not theme.compact and not many:
            content = self._above(content, notice_id)
        elif many and (theme.compact or len(self._names()) > FEW_DEVICES + 1):  # the margins lend what a finger needs
            above, below = (theme.mm(1.25), theme.mm(1.9)) if theme.compact else (theme.u(4.4), theme.u(4.4))
            content = Area(content.x, content.y - below, content.width, content.height + above + below)
        for device, place in zip(self._names(), self._places(content, many=many), strict=False):
            self._device(place, device)
        self._orders()

    def _places(self, content: Area, *, many: bool) -> list[Area]:
        """Return a row for each device; on a small panel with all of them two columns, or no finger would hit a test."""
        theme, count = self.theme, len(self._names())
        if theme.compact and count > FEW_DEVICES + 1:
            return content.grid(2, -(-count // 2), theme.mm(LEAST_GAP_MM))
        tight = many and (theme.compact or count > FEW_DEVICES + 1)
        return content.rows(count, theme.mm(LEAST_GAP_MM) if tight else theme.u(1.6 if theme.compact else 2))

    def _above(self, content: Area, notice_id: str) -> Area:
        """Place the notice, or the title, above the devices; return what is left."""
        if not notice_id:
            return self.title(content, "servicing-title", lines=1)
        strip, rest = content.cut_top(self.theme.u(13), self.theme.u(2))
        self.banner(strip, notice_id, self.text(notice_id), tone_of(self.state.busy or self.state.notice))
        return rest

    def _collected(self) -> str:
        """Return what was just taken out of the cash box and how the counts differ; "" if nothing was."""
        collection = self.state.collected
        if collection is None:
            return ""
        if collection.difference is None:
            return self.text("servicing-collected-sealed", total=self.language.money(collection.box.total))
        counted = self.language.money(collection.counted)
        if not collection.difference:
            return self.text("servicing-collected", counted=counted)
        return self.text(
            "servicing-collected-differs", counted=counted, difference=self.language.money(collection.difference)
        )

    def _names(self) -> tuple[DeviceName, ...]:
        """Return the devices this kiosk has: an optional one has told how it is."""
        return (*DEVICES, *(name for name in OPTIONAL if name in self.kiosk.devices))

    def _device(self, area: Area, device: DeviceName) -> None:
        theme = self.theme
        health = self.kiosk.devices.get(device, Unknown())
        test = next((test for test in self.state.tests if test.device == device), None)
        word = test.outcome if test else str(health.__struct_config__.tag)
        inner = self.under(area).inset(theme.u(3), theme.u(1))
        side = min(theme.touch(12), area.height)
        narrow = area.width < self.area.width / 2
        width = theme.touch(28 if narrow else 34)
        right, inner = Area(inner.x, area.y + 1, inner.width, area.height - 2).cut_right(width, theme.u(3))
        self._order(right.middle(right.width, side), f"test-{device}", "test", (device,), SECONDARY)
        if narrow:
            inner, badge = inner.cut_top(inner.height / 2)
            self.words(inner, f"device-{device}", "small", bold=True, ground=t.SURFACE, lines=1)
            differs = device == "cash" and bool(self.state.collected and self.state.collected.difference)
            label = self._difference() if differs else self._trouble(health, test)
            self._badge(badge, device, "failed" if differs else word, label)
            return
        mark, inner = inner.cut_left(theme.u(8), theme.u(3))
        marker = Block(mark, t.SURFACE)
        marker.picture(icon(ICON_OF[device], int(min(theme.u(7), mark.height))), mark, t.PRIMARY)
        self.add_widget(marker)
        name, inner = inner.cut_left(theme.u(42), theme.u(3))
        name_id = f"device-{device}"
        self.words(name, name_id, "body", bold=True, ground=t.SURFACE)
        badge, inner = inner.cut_left(theme.u(32), theme.u(3))
        self._badge(badge, device, word)
        collected = self._collected() if device == "cash" else ""
        detail = collected or self._detail(health, test)
        differs = bool(collected and self.state.collected.difference)  # must not be overlooked
        ink = t.STOP if differs else t.INK if collected else t.SOFT
        if detail:
            self.plain(inner, f"detail-of-{device}", detail, "small", bold=differs, colour=ink, ground=t.SURFACE)

    def _difference(self) -> str:
        return self.text("collecting-diff-is", difference=self.language.money(self.state.collected.difference))

    def _trouble(self, health: Health, test: SelfTest | None) -> str:
        """Return in few words what is wrong, for a row without room for the detail; "" if nothing is."""
        if test is None:
            reason = getattr(health, "reason", "")
            return self.language.word("fault", reason) if reason else ""
        bad = [devices.check_name(self.language, each.name) for each in test.checks if each.outcome == test.outcome]
        return f"{self.text(f'health-{test.outcome}')}: {bad[0]}" if bad and test.outcome != "passed" else ""

    def _badge(self, area: Area, device: DeviceName, word: str, label: str = "") -> None:
        """Say in one word how a device is, or in few what is wrong with it, in its colour."""
        theme, (colour, ground) = self.theme, TONES[word]
        place = area.middle(area.width, min(area.height, theme.u(9))).whole()
        self.add_widget(Block(place, ground, theme.u(2)))
        label = label or self.text(f"health-{word}")
        how = {"bold": True, "colour": colour, "ground": ground, "align": "center", "lines": 1}
        self.plain(place.inset(theme.u(2), 0), f"health-of-{device}", label, "small", **how)

    def _detail(self, health: Health, test: SelfTest | None) -> str:
        """Return what the technician should know: the worst check and its advice, else the device's own line."""
        if test is not None:
            order = {"failed": 0, "degraded": 1, "passed": 2}
            worst = min(test.checks, key=lambda check: order[check.outcome], default=None)
            if worst is None:
                return ""
            name = devices.check_name(self.language, worst.name)
            told = devices.detail(self.language, worst.detail), devices.advice(self.language, test.device, worst)
            said = ". ".join(part.rstrip(".") for part in told if part)
            return f"{name}: {said}" if said else name
        reason = getattr(health, "reason", "")
        words = self.language.word("fault", reason) if reason else ""
        return ". ".join(part for part in (words, getattr(health, "detail", "")) if part)

    def _orders(self) -> None:
        theme, bar, free = self.theme, self._bar(), self._free()
        left, rest = bar.cut_left(theme.touch(46), self.gap)
        right, rest = rest.cut_right(theme.touch(60), self.gap)
        report = rest.cut_right(theme.touch(56))[0]
        if "cash" in self.kiosk.devices:
            left, collect, report, right = bar.columns(4, self.gap)
            mine = not self.state.busy and may(self.kiosk, "cash-collector")
            self.footer_button(collect, "collect-cash", e.CollectionWanted, "note", enabled=mine)
        self.footer_button(left, "servicing-end", e.ServicingEnded, "back")
        self._order(right, "test-all", "test-all", self._names(), PRIMARY, footer=True)
        self.footer_button(report, "print-report", e.ReportWanted, "printer", enabled=free)

    def _free(self) -> bool:
        """Say whether whoever is there may test and print now."""
        return not self.state.busy and may(self.kiosk, "technician")

    def _order(
        self,
        area: Area,
        item_id: str,
        message_id: str,
        devices: tuple[DeviceName, ...],
        look: object,
        *,
        footer: bool = False,
    ) -> None:
        def tap() -> None:
            self.send(e.TestWanted(devices))

        label = self.text(message_id)
        names = ", ".join(self.text(f"device-{device}") for device in devices)
        press = button(
            area,
            item_id,
            label,
            tap,
            "check" if footer else "",
            theme=self.theme,
            look=look,
            say=f"{label}: {names}",
            enabled=self._free(),
            size="lead" if footer else "body",
        )
        self.put(press, self.footer if footer else None)
