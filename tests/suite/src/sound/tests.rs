use super::*;

/// Pictures at 60 Hz that are played 80 ms after their capture, the first at `start`.
fn pictures(start: i128) -> Vec<Moment> {
    let picture = |number: i128| {
        let captured = start + number * 166_667;
        let played = ((captured + 800_000) * 27 / 10).rem_euclid(WRAP);
        Moment { captured, played }
    };
    (0..120).map(picture).collect()
}

/// A click that is played `late` (units of 100 ns) after the picture of `captured` would be.
fn click(captured: i128, late: i128) -> Click {
    let at = ((captured + 800_000 + late) * 27 / 10).rem_euclid(WRAP);
    Click {
        at_27mhz: u64::try_from(at).unwrap(),
    }
}

#[test]
fn how_late_a_click_is_is_measured_by_the_pictures() {
    let second = i128::from(SECOND);
    // Around the wrap of the PTS, 95 443.7 s after the start of the clock, too.
    for start in [7 * second + 12_345, 95_443 * second + 5_000_000] {
        let whole = (start / second + 1) * second;
        for late in [0, 450_000, -450_000, 1_250_000, 4_000_000] {
            let offset = Moment::offset(&pictures(start), click(whole, late)).unwrap();
            assert!(
                (i128::from(offset) - late).abs() <= 1,
                "{offset} for {late}"
            );
        }
    }
    assert_eq!(Moment::offset(&[], click(second, 0)), None);
}

#[test]
fn what_came_must_be_what_was_handed_over_from_the_first_on() {
    let notes = SoundNotes {
        handed_over: [1, 2, 3, 4].into(),
        dropped: 0,
    };
    let in_order = |hashes: &[u64]| {
        let report = SoundReport {
            hashes: hashes.to_vec(),
            ..SoundReport::default()
        };
        Sound::new(&notes, &report, &[], &[]).in_order
    };
    assert_eq!(in_order(&[1, 2, 3]), 3);
    assert_eq!(in_order(&[1, 3, 4]), 1);
    assert_eq!(in_order(&[2, 3, 4]), 0);
}

#[test]
fn extremes_are_in_milliseconds() {
    let mut sound = Sound::default();
    assert_eq!(sound.apart(), None);
    sound.offsets = vec![50_000, -10_000, 20_000];
    let apart = Offsets {
        min: -1.0,
        median: 2.0,
        max: 5.0,
    };
    assert_eq!(sound.apart(), Some(apart));
}
