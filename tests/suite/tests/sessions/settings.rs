//! Settings of the machine.

use miracast_os::ledger;
use miracast_umd::os::{Provided, provide_settings};

use crate::stage::{assert_good, connect, play, sink, vga};

/// Ticks of PTS in a millisecond.
const MILLISECOND: i64 = 90;

/// The least lead of PTS over PCR of a session on a machine with these settings.
fn lead(settings: &'static [(&'static str, Provided)]) -> Option<i64> {
    provide_settings(settings);
    let mut session = connect(vga(), sink());
    provide_settings(&[]);
    play(&mut session);
    let record = session.finish().unwrap();
    assert_good(&record);
    let least = record.sink.stream.lead.min?;
    Some(least / MILLISECOND)
}

#[test]
fn a_context_goes_by_the_settings_of_its_creation() {
    let _alone = ledger::alone();
    let usual = lead(&[]).unwrap();
    assert!((40..=90).contains(&usual), "{usual} ms");
    let set = lead(&[("PtsLead", Provided::Number(300))]).unwrap();
    assert!((250..=310).contains(&set), "{set} ms");
    let wrong = lead(&[("PtsLead", Provided::Text("300"))]).unwrap();
    assert!((40..=90).contains(&wrong), "{wrong} ms: the default holds");
}
