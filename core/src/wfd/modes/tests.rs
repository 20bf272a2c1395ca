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
    assert_eq!(found.len(), 58, "R1 has 17, 29 and 12");
    assert_eq!(ModeId::from_native(0x03), None, "selector 3 is reserved");
    assert_eq!(ModeId::from_native(17 << 3), None, "CEA has 17 modes");
}

#[test]
fn every_mode_is_found_by_what_it_is() {
    for (id, mode) in all() {
        let found = ModeId::find(mode.width, mode.height, mode.rate, mode.interlaced);
        assert_eq!(found, Some(id), "no mode is in two tables");
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
    let far = ModeId { index: 64, ..id };
    assert_eq!((mode(far), far.mask(), far.r1_mask()), (None, 0, 0));
}

/// MS-WFDPE §2.7.1.1.1 typed again: bit and name of the modes above those of R1.
#[test]
fn wfdx_numbers_the_modes_above_r1_in_its_own_order() {
    let named = |table, bit| {
        let mut modes = all().filter(|(id, _)| id.table == table && id.wfdx_bit() == Some(bit));
        modes.next().map(|(_, mode)| mode.to_string())
    };
    for (table, first, names) in [
        (
            Table::Cea,
            17,
            "3840x2160p30 3840x2160p60 4096x2160p30 4096x2160p60 3840x2160p25 3840x2160p50 \
             4096x2160p25 4096x2160p50 3840x2160p24 4096x2160p24",
        ),
        (
            Table::Vesa,
            29,
            "2560x1440p30 2560x1440p60 2560x1600p30 2560x1600p60",
        ),
    ] {
        for (bit, name) in (first..).zip(names.split(' ')) {
            assert_eq!(named(table, bit).as_deref(), Some(name), "bit {bit}");
        }
    }
    assert_eq!(
        named(Table::Cea, 8).as_deref(),
        Some("1920x1080p60"),
        "as in R1"
    );
    assert_eq!(
        (named(Table::Cea, 27), named(Table::Vesa, 33)),
        (None, None)
    );
    let wide = ModeId::find(1920, 1200, 60, false).expect("R2 has it");
    assert_eq!(
        (wide.wfdx_bit(), wide.mask(), wide.r1_mask()),
        (None, 1 << 29, 0)
    );
}
