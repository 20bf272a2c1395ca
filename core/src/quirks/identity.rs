//! Sinks that are known by what they call themselves.

use super::{Fired, Match, TABLE};

/// What a sink says of itself; `None` for what it has not said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The header `User-Agent`.
    pub user_agent: Option<&'a str>,
    /// `intel_sink_manufacturer_name`.
    pub manufacturer: Option<&'a str>,
    /// The three letters of the maker in the EDID.
    pub edid_vendor: Option<[u8; 3]>,
}

/// The quirks that such a sink is known to have.
pub fn recognise(identity: Identity<'_>) -> Fired {
    let mut fired = Fired::new();
    for row in &TABLE {
        let known = row.matches.iter().any(|one| identity.is(*one));
        fired.note_if(known, row.quirk);
    }
    fired
}

impl Identity<'_> {
    fn is(&self, one: Match) -> bool {
        match one {
            Match::UserAgent(part) => self.user_agent.is_some_and(|name| contains(name, part)),
            Match::Manufacturer(name) => self
                .manufacturer
                .is_some_and(|said| said.eq_ignore_ascii_case(name)),
            Match::EdidVendor(letters) => self.edid_vendor == Some(letters),
            Match::Shape | Match::Everyone | Match::Setting => false,
        }
    }
}

fn contains(text: &str, part: &str) -> bool {
    text.as_bytes()
        .windows(part.len().max(1))
        .any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}
