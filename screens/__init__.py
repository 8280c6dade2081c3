"""What the citizen sees, hears and touches: Kivy, and nothing but Kivy, is drawn from here.

A screen is a function of the journey's state: it draws it, sends events, decides nothing and calls no port.
Kivy reads its environment when it is first imported, so it is set here, before anything below imports it.
"""

import os

for _key, _value in {
    "KIVY_NO_ARGS": "1",  # the command line is ours
    "KIVY_NO_CONFIG": "1",  # no file in a home directory changes a kiosk
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_CONSOLELOG": "1",
    "KIVY_LOG_MODE": "PYTHON",  # leaves the root logger and stderr alone
    "KIVY_NO_ENV_CONFIG": "1",
    "KIVY_WINDOW": "sdl2",
    "KIVY_TEXT": "sdl2",
    "KIVY_IMAGE": "sdl2",
    "KIVY_CLIPBOARD": "dummy",
    "KIVY_GL_BACKEND": "sdl2",
}.items():
    os.environ.setdefault(_key, _value)
