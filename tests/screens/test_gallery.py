"""The gallery draws what it is asked for, from the command line."""

import subprocess
import sys


def test_the_gallery_writes_a_picture_per_screen_and_language(tmp_path):
    """One PNG per sample and language, in a process of its own, without a display."""
    command = [sys.executable, "-m", "screens.gallery", str(tmp_path), "--only", "welcome", "--panel", "7"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["welcome-az.png", "welcome-en.png", "welcome-ru.png"]
