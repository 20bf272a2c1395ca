//! `wfd2_video_formats` in M4, for a sink that answers R2 names alone (S2.1 §6.1.22, quirk Q41).

/// A tuple as numbers: codec, profile, level, the three masks.
type Tuple = [u64; 6];

/// Hexadecimal digits of the fields of a tuple; the last four are latency, slices and frame rate.
const DIGITS: [usize; 10] = [2, 2, 4, 12, 12, 12, 2, 4, 4, 2];

/// Whether `value` is one choice within `offer`: native and non-transcoding 00, one bit of each kind.
pub(super) fn is_choice(value: &str, offer: &str) -> bool {
    let inner = |value: &str| Some(value.strip_prefix("00 ")?.strip_suffix(" 00")?.to_owned());
    let Some(choice) = inner(value).as_deref().and_then(tuple) else {
        return false;
    };
    let [codec, profile, level, masks @ ..] = choice;
    let modes: u32 = masks.iter().map(|mask| mask.count_ones()).sum();
    let single = [codec, profile, level]
        .iter()
        .all(|bits| bits.is_power_of_two());
    let offered = offer
        .get(3..offer.len().saturating_sub(3))
        .unwrap_or_default();
    let mut offered = offered.split(',').filter_map(|text| tuple(text.trim()));
    single && modes == 1 && offered.any(|offer| within(&choice, &offer))
}

/// The higher level is the greater number; everything else must be there.
fn within(choice: &Tuple, offer: &Tuple) -> bool {
    let [codec, profile, level, masks @ ..] = choice;
    let modes = masks.iter().zip(&offer[3..]);
    *codec == offer[0]
        && profile & offer[1] != 0
        && *level <= offer[2]
        && modes.into_iter().all(|(one, all)| one & !all == 0)
}

fn tuple(text: &str) -> Option<Tuple> {
    let fields: Vec<&str> = text.split(' ').collect();
    let right = fields.iter().map(|field| field.len()).eq(DIGITS);
    let number = |field: &&str| u64::from_str_radix(field, 16).ok();
    let numbers: Vec<u64> = fields.iter().map(number).collect::<Option<_>>()?;
    numbers.first_chunk().copied().filter(|_| right)
}

#[cfg(test)]
mod tests {
    use super::is_choice;

    #[test]
    fn one_choice_within_the_offer() {
        let offer = "40 01 04 0080 000000000100 000000000000 000000000000 00 0000 0000 00, \
                     01 01 0040 000000000021 000000000000 000000000000 00 0000 0000 11 00";
        let rest = "000000000000 000000000000 00 0000 0000 00";
        let choice = format!("00 01 01 0010 000000000020 {rest} 00");
        assert!(is_choice(&choice, offer));
        for (old, new) in [
            ("00 01 01", "28 01 01"),
            ("00 01 01", "00 02 01"),
            ("00 01 01", "00 01 02"),
            ("00 01 01", "00 01 03"),
            ("0010", "0100"),
            ("0010", "0000"),
            ("000000000020", "000000000021"),
            ("000000000020", "000000000002"),
            ("000000000020", "20"),
            ("0000 00 00", "0000 00"),
        ] {
            let wrong = choice.replace(old, new);
            assert!(wrong != choice && !is_choice(&wrong, offer), "{wrong}");
        }
        assert!(!is_choice(&choice, "none"));
    }
}
