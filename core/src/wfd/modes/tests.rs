use std::collections::HashSet;
use std::string::ToString;
use std::vec::Vec;

use super::*;
use crate::wfd::reference::ROWS;

#[test]
fn the_tables_are_those_of_the_specification() {
    let ours: Vec<_> = all()
        .map(|(id, mode)| (id.table, id.mask(), mode.to_string()))
        .collect();
    let theirs: Vec<_> = ROWS
        .iter()
        .map(|row| (row.table, row.mask, row.name.to_string()))
        .collect();
    assert_eq!(ours, theirs);
}

#[test]
fn macroblocks_are_those_of_the_specification() {
    for ((_, mode), row) in all().zip(&ROWS) {
        assert_eq!(mode.macroblocks_per_frame(), row.per_frame, "{}", row.name);
        assert_eq!(
            mode.macroblocks_per_second(),
            row.per_second,
            "{}",
            row.name
        );
    }
}

#[test]
fn an_interlaced_mode_has_half_as_many_frames_as_fields() {
    let mode = mode(ModeId {
        table: Table::Cea,
        index: 9,
    });
    assert_eq!(
        mode.map(ToString::to_string).as_deref(),
        Some("1920x1080i60")
    );
    assert_eq!(mode.map(Mode::frames_per_second), Some(30));
}

#[test]
fn native_bytes_of_the_field_name_their_modes() {
    let named = |native| {
        ModeId::from_native(native)
            .and_then(mode)
            .map(ToString::to_string)
    };
    assert_eq!(named(0x40).as_deref(), Some("1920x1080p60"));
    assert_eq!(named(0x38).as_deref(), Some("1920x1080p30"));
    assert_eq!(named(0x28).as_deref(), Some("1280x720p30"));
    assert_eq!(named(0x79).as_deref(), Some("1280x1024p60"));
    assert_eq!(named(0x5A).as_deref(), Some("848x480p60"));
}

#[test]
fn a_native_byte_is_a_mode_or_nothing() {
    let mut found = HashSet::new();
    for native in 0..=u8::MAX {
        if let Some(id) = ModeId::from_native(native) {
            assert!(mode(id).is_some());
            assert_eq!(id.native(), native);
            found.insert(id);
        }
    }
    assert_eq!(found.len(), ROWS.len());
    assert_eq!(ModeId::from_native(0x03), None, "selector 3 is reserved");
    assert_eq!(ModeId::from_native(17 << 3), None, "CEA has 17 modes");
}

#[test]
fn every_mode_is_found_by_what_it_is() {
    for (id, mode) in all() {
        let found = ModeId::find(mode.width, mode.height, mode.rate, mode.interlaced);
        assert_eq!(found, Some(id), "no mode is in two tables of R1");
    }
    assert_eq!(
        ModeId::find(1920, 1080, 60, false).map(ModeId::native),
        Some(0x40)
    );
    assert_eq!(ModeId::find(1920, 1080, 61, false), None);
}

#[test]
fn an_index_beyond_the_table_is_no_mode() {
    let id = ModeId {
        table: Table::Hh,
        index: 12,
    };
    assert_eq!(mode(id), None);
    let far = ModeId { index: 32, ..id };
    assert_eq!((mode(far), far.mask()), (None, 0));
}
