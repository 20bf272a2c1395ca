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
            let offset = Moment::of_click(&pictures(start), click(whole, late)).unwrap();
            assert!(
                (i128::from(offset) - late).abs() <= 1,
                "{offset} for {late}"
            );
        }
    }
    assert_eq!(Moment::of_click(&[], click(second, 0)), None);
}

/// The sound of these hashes; a unit each 10 ms, played 80 ms and 2 ms more after its capture.
fn sound(sent: &[u64], before_pictures: u64, came: &[u64]) -> Sound {
    let sent = (0..).zip(sent);
    let notes = SoundNotes {
        handed_over: sent
            .map(|(number, hash)| HeardSound {
                hash: *hash,
                capture_time: number * 100_000,
            })
            .collect(),
        before_pictures,
        dropped: 0,
    };
    let came = (0..).zip(came);
    let report = SoundReport {
        received: came
            .map(|(number, hash)| ReceivedSound {
                hash: *hash,
                pts: (number * 10 + 82) * 90,
            })
            .collect(),
        ..SoundReport::default()
    };
    Sound::with(&notes, &report, &pictures(0))
}

#[test]
fn without_clicks_units_are_measured_that_are_the_same() {
    let offsets = |came: &[u64]| sound(&[1, 2, 3, 4], 0, came).offsets;
    let late = offsets(&[1, 2, 3, 4]);
    assert_eq!(late.len(), 4);
    for offset in late {
        assert!((offset - 20_000).abs() <= 1, "{offset}");
    }
    assert_eq!(offsets(&[1, 3, 4]).len(), 1);
    assert_eq!(offsets(&[5, 3]), [0_i64; 0]);
}

#[test]
fn what_came_must_be_what_was_handed_over_from_the_first_on() {
    let compare = |before_pictures, came: &[u64]| {
        let sent = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3];
        let sound = sound(&sent, before_pictures, came);
        (sound.early, sound.in_order)
    };
    assert_eq!(compare(0, &[]), (0, 0));
    assert_eq!(compare(0, &[1, 2, 3]), (0, 3));
    assert_eq!(compare(0, &[1, 3, 4]), (0, 1));
    assert_eq!(compare(0, &[3, 4, 5]), (2, 3));
    assert_eq!(compare(0, &[4, 5, 6]), (0, 0), "lost, and not early");
    assert_eq!(compare(2, &[4, 5, 6]), (3, 3));
    assert_eq!(compare(5, &[1, 2]), (0, 2), "a picture can be noted late");
    assert_eq!(compare(8, &[1, 2]), (8, 2), "the same sound comes again");
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
