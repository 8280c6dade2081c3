"""``python -m screens.gallery OUTDIR``: a picture of every screen in every language, without a device or a display."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from kiosk.config import load_cards
from kiosk.domain.draft import Draft
from kiosk.language import load_languages
from screens.profile import PROFILES
from screens.samples import samples, services_in
from screens.samples_drafts import DRAFTS

CONFIG = Path(__file__).resolve().parents[1] / "config"


def main(arguments: list[str] | None = None) -> int:
    """Write ``<state>-<language>.png`` for every sample; return 0."""
    parser = argparse.ArgumentParser(prog="python -m screens.gallery", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--panel", choices=sorted(PROFILES), default="10.1")
    parser.add_argument("--languages", default="az,ru,en")
    parser.add_argument("--only", default="", help="only samples whose name begins so")
    parser.add_argument("--config", type=Path, default=CONFIG)
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for path in draw(chosen.folder, chosen.config, chosen.panel, chosen.languages.split(","), chosen.only):
        print(path)  # noqa: T201 - the command's output
    return 0


def draw(folder: Path, config: Path, panel: str, languages: list[str], only: str) -> list[Path]:
    """Draw the samples through the real app and return the pictures' paths."""
    from screens.app import KioskApp  # noqa: PLC0415 - opens a window: only once the display is chosen
    from screens.window import save_picture  # noqa: PLC0415

    cards = load_cards(config / "cards", [])
    app = KioskApp(load_languages(config / "languages"), PROFILES[panel], lambda _event, _shown: None, cards=cards)
    app.open()
    loop, paths = app.loop, []
    if loop is None:
        return []
    for language in languages:
        for name, kiosk in samples(services_in(config / "services"), language).items():
            if name.startswith(only):
                app.show(kiosk)
                loop.settle()
                if name in DRAFTS and app.screen is not None:
                    app.screen.draft = Draft(DRAFTS[name])
                    app.screen.redraw()
                    loop.settle()
                paths.append(folder / f"{name}-{language}.png")
                save_picture(paths[-1])
    return paths


if __name__ == "__main__":
    raise SystemExit(main())
