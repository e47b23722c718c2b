"""What a note's times tell by themselves."""

import numpy as np
import pytest

from generator.checker.timing import Meaning, gap_density, habits, pace_of, usual_rates

SPOKEN = [9, 31, 47, 68, 90, 85, 121, 160, 171, 204, 251, 270, 333, 341, 402]
"""When the statements of a note of a talk of seven minutes are said."""


def likely(written, end, meaning):
    return habits(written, end)[1][:, meaning]


@pytest.mark.parametrize("end", [420.0, None])
def test_a_note_with_all_its_times_shifted_is_known_by_them(end):
    shifted = likely([60 * second for second in SPOKEN], end, Meaning.SHIFTED)
    assert (shifted[3:] > 0.99).all()


@pytest.mark.parametrize("end", [420.0, None])
def test_a_sound_note_is_not_shifted(end):
    assert likely(SPOKEN, end, Meaning.SHIFTED).max() < 0.01
    assert likely(SPOKEN, end, Meaning.EXACT).min() > 0.9


def test_a_note_that_mixes_both_is_told_apart_time_by_time():
    written = [60 * second if at % 3 == 1 else second for at, second in enumerate(SPOKEN)]
    shifted = likely(written, 420.0, Meaning.SHIFTED)
    assert (shifted[1::3] > 0.98).all()
    assert max(shifted[0::3].max(), shifted[2::3].max()) < 0.01


def test_one_shifted_time_in_the_middle_of_sound_ones_is_seen_though_the_video_is_long():
    written = [*SPOKEN[:7], 60 * SPOKEN[7], *SPOKEN[8:]]
    assert likely(written, 3 * 3600.0, Meaning.SHIFTED)[7] > 0.9
    assert likely([*SPOKEN[:7], 60 * 200, *SPOKEN[8:]], 420.0, Meaning.SHIFTED)[7] > 0.99


@pytest.mark.parametrize("end", [3.4 * 3600, None])
@pytest.mark.parametrize(
    "minutes", [(5, 12, 21, 34, 50, 58, 75, 92, 130), (5, 21, 60, 75, 130), (5, 10, 20, 65)]
)
def test_times_that_somebody_rounded_to_minutes_are_not_taken_for_shifted(minutes, end):
    written = [60 * minute for minute in minutes]
    assert likely(written, end, Meaning.SHIFTED).max() < (0.01 if end else 0.99)


def test_hour_long_talks_have_real_hours():
    written = [3600 + 61 * at for at in range(20)]
    assert likely(written, 5000.0, Meaning.SHIFTED).max() < 0.5
    assert likely(written, None, Meaning.SHIFTED).max() < 0.5


def test_one_time_alone_is_certain_only_past_the_end():
    assert likely([2 * 3600 + 180], 927.0, Meaning.SHIFTED)[0] > 0.99
    assert likely([2 * 3600 + 180], None, Meaning.SHIFTED)[0] < 0.99
    assert likely([300], 1200.0, Meaning.SHIFTED)[0] < 0.1


def test_minutes_and_seconds_with_something_behind_them_are_known_past_the_end():
    written = [60 * second + 8 for second in SPOKEN]
    assert (likely(written, 420.0, Meaning.JUMBLED)[3:] > 0.9).all()


def test_no_times_have_usual_rates():
    rates, meanings = habits([], 100.0)
    assert rates.sum() == pytest.approx(1)
    assert meanings.shape == (0, len(Meaning))
    assert usual_rates([], 100.0).sum() == pytest.approx(1)


def test_every_time_means_something():
    for end in (0.5, 420.0, None):
        _, meanings = habits([0, 60, 10**9, 7260, 359_999, 60, 3], end)
        assert meanings.sum(axis=1) == pytest.approx(np.ones(7))


def test_gaps_are_a_density_and_the_pace_is_the_likeliest_kind_of_gap():
    gaps = np.arange(-3000.0, 3000.0)
    assert 0.85 < gap_density(gaps).sum() < 1.1
    assert gap_density(np.array([20.0])) > 10 * gap_density(np.array([200.0]))
    assert gap_density(np.array([20.0])) > 10 * gap_density(np.array([-20.0]))


def test_a_notes_pace_is_its_own_shifted_or_not():
    assert pace_of([10 * at for at in range(20)], 420.0) == 10
    assert pace_of([60 * 40 * at for at in range(11)], 420.0) == 40
    assert pace_of([5, 10], 420.0) == pace_of([], 420.0)
