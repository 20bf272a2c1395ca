use std::string::ToString;
use std::vec::Vec;

use super::*;

fn fired(quirks: &[Quirk]) -> Fired {
    let mut fired = Fired::new();
    for quirk in quirks {
        fired.note(*quirk);
    }
    fired
}

#[test]
fn ids_are_numbers_in_order_and_lead_back() {
    let mut last = 0;
    for row in &TABLE {
        let number: u32 = row.id[1..].parse().expect("Q and a number");
        assert!(row.id.starts_with('Q') && number > last, "{}", row.id);
        last = number;
        assert_eq!(row.quirk.row(), row);
        assert_eq!(Quirk::from_id(&row.id.to_lowercase()), Some(row.quirk));
        assert_eq!(row.quirk.to_string(), row.id);
    }
    assert_eq!(Quirk::from_id("Q18"), None);
    assert_eq!(Quirk::from_id(""), None);
}

/// The numbers in a line such as `Q1, Q2 to Q4 and Q7 are ...`: those before the verb.
fn numbers(line: &str) -> Vec<u32> {
    let mut numbers = Vec::new();
    let mut up_to = false;
    for word in line.split([' ', ',']).filter(|word| !word.is_empty()) {
        if let Some(number) = word.strip_prefix('Q') {
            let number = number.parse().expect("Q and a number");
            let first = numbers.last().map_or(number, |last| last + 1);
            numbers.extend(if up_to { first } else { number }..=number);
        } else if !["to", "and"].contains(&word) {
            break;
        }
        up_to = word == "to";
    }
    numbers
}

#[test]
fn every_number_has_a_row_or_the_reason_why_it_has_none() {
    let lists = include_str!("mod.rs").lines();
    let stated = lists
        .filter_map(|line| line.strip_prefix("//! - "))
        .flat_map(numbers);
    let rows = TABLE
        .iter()
        .map(|row| row.id[1..].parse().expect("a number"));
    let mut all: Vec<u32> = stated.chain(rows).collect();
    all.sort_unstable();
    assert_eq!(all, (1..=80).collect::<Vec<_>>());
}

#[test]
fn what_a_row_changes_fits_how_it_is_recognised() {
    for row in &TABLE {
        assert!(!row.title.ends_with('.') && !row.title.is_empty());
        let everyone = row.matches == [Match::Everyone];
        assert_eq!(everyone, row.changes == [Change::Always], "{}", row.id);
        let unseen = !row.matches.contains(&Match::Shape);
        let changes = row.changes != [Change::Tolerated];
        assert!(!unseen || changes, "{}: set for nothing", row.id);
        assert!(!row.matches.is_empty() && !row.changes.is_empty());
    }
}

#[test]
fn a_set_keeps_the_order_of_the_table() {
    let mut set = fired(&[Quirk::Q78, Quirk::Q1, Quirk::Q31, Quirk::Q1]);
    assert_eq!(set.to_string(), "Q1, Q31, Q78");
    assert_eq!(set.iter().count(), 3);
    assert!(set.has(Quirk::Q31) && !set.has(Quirk::Q30));
    set |= fired(&[Quirk::Q30]);
    assert_eq!(set.to_string(), "Q1, Q30, Q31, Q78");
    assert_eq!(Fired::new().to_string(), "none");
    let all: Vec<Quirk> = TABLE.iter().map(|row| row.quirk).collect();
    assert_eq!(fired(&all).iter().count(), TABLE.len());
}

#[test]
fn settings_change_what_they_say() {
    let changes = |id| -> Vec<Change> {
        let quirk = Quirk::from_id(id).expect("a row");
        assert!(quirk.row().matches.contains(&Match::Setting), "{id}");
        fired(&[quirk]).changes().collect()
    };
    assert_eq!(changes("Q60"), [Change::PsiVersion(1)]);
    assert_eq!(changes("Q62"), [Change::NoLpcmDescriptors]);
    assert_eq!(changes("Q64"), [Change::BaselineFirst]);
    assert_eq!(changes("Q66"), [Change::PreferAac]);
    let [Change::MaximumMode(mode)] = changes("Q65")[..] else {
        panic!("{:?}", changes("Q65"))
    };
    let mode = crate::wfd::modes::mode(mode).map(ToString::to_string);
    assert_eq!(mode.as_deref(), Some("1280x720p60"));
    assert!(fired(&[Quirk::Q60]).changes_to(Change::PsiVersion(1)));
    assert!(!fired(&[Quirk::Q60]).changes_to(Change::RtpMarker));
}

#[test]
fn a_sink_is_known_by_what_it_says_of_itself() {
    let agent = |name| Identity {
        user_agent: Some(name),
        ..Identity::default()
    };
    let marker = fired(&[Quirk::Q72]);
    assert_eq!(recognise(agent("MSMiracastSink/10.00.19041.2486")), marker);
    assert_eq!(recognise(agent("x msmiracastsink")), marker);
    for other in ["MSMiracastSource/10", "", "é"] {
        assert!(recognise(agent(other)).is_empty(), "{other}");
    }
    let maker = |name| Identity {
        manufacturer: Some(name),
        ..Identity::default()
    };
    assert_eq!(recognise(maker("castku")), marker);
    assert!(recognise(maker("CastKu 2")).is_empty());
    let display = |letters| Identity {
        edid_vendor: Some(letters),
        ..Identity::default()
    };
    assert_eq!(recognise(display(*b"SAM")), fired(&[Quirk::Q63]));
    assert!(recognise(display(*b"GSM")).is_empty());
    assert!(recognise(Identity::default()).is_empty());
}
