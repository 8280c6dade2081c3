"""Rectangles are cut without overlap and without loss."""

from hypothesis import given, settings
from hypothesis import strategies as st

from screens.area import Area

SIDES = st.floats(20, 2000)
AREAS = st.builds(Area, st.floats(0, 500), st.floats(0, 500), SIDES, SIDES)


@settings(max_examples=40, deadline=None)
@given(AREAS, st.floats(0, 1), st.floats(0, 5))
def test_a_cut_gives_two_pieces_that_do_not_overlap(area, share, gap):
    """Piece, gap and rest make up the whole, on all four sides."""
    for cut, length in (
        ("cut_top", area.height),
        ("cut_bottom", area.height),
        ("cut_left", area.width),
        ("cut_right", area.width),
    ):
        size = share * (length - gap)
        piece, rest = getattr(area, cut)(size, gap)
        along = "height" if length is area.height and cut in ("cut_top", "cut_bottom") else "width"
        assert abs(getattr(piece, along) + gap + getattr(rest, along) - length) < 1e-6
        apart = piece.right <= rest.x + 1e-6 or rest.right <= piece.x + 1e-6
        assert apart or piece.top <= rest.y + 1e-6 or rest.top <= piece.y + 1e-6


@settings(max_examples=40, deadline=None)
@given(AREAS, st.integers(1, 7), st.integers(1, 5), st.floats(0, 2))
def test_a_grid_reads_from_the_top_left(area, columns, rows, gap):
    """Cells come row by row from the top, and stay inside."""
    cells = area.grid(columns, rows, gap)
    assert len(cells) == columns * rows
    assert cells == sorted(cells, key=lambda cell: (-round(cell.y, 3), cell.x))
    assert all(cell.x >= area.x - 1e-6 and cell.right <= area.right + 1e-6 for cell in cells)
    assert all(cell.y >= area.y - 1e-6 and cell.top <= area.top + 1e-6 for cell in cells)


def test_whole_pixels_keep_neighbours_together():
    """Two areas that touch still touch on whole pixels."""
    left, right = Area(0, 0, 100.6, 10).cut_left(33.3)
    assert left.whole().right == right.whole().x
