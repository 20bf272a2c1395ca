//! Sinks with the quirks of the field, one or more for each, and sinks of R2: what cannot be bought is
//! emulated.
//!
//! A profile is data: the honest sink and a few [`Deviation`]s. The numbers Q1 to Q78 are those by
//! which the driver's documents name the quirks; nothing else of the driver is here.

mod release;
mod table;

pub use release::R2_PROFILES;
pub use table::PROFILES;

use crate::machine::{Distortion, Quirks, Settings};

/// One sink.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// The quirk, and which of several forms of it: `Q11`, `Q11-again`; or the release.
    pub name: &'static str,
    /// What it does, for people.
    pub does: &'static str,
    deviations: &'static [Deviation],
}

/// One way in which it differs from the honest sink.
#[derive(Clone, Copy, Debug)]
pub enum Deviation {
    /// M3 is answered so for this name.
    Says(&'static str, &'static str),
    /// The answer to M3 ends with this line, asked for or not.
    Adds(&'static str, &'static str),
    /// This name is not answered.
    Omits(&'static str),
    /// The first name is answered under the second one.
    Renames(&'static str, &'static str),
    /// Messages have another form.
    Writes(Distortion),
    /// It behaves in another way.
    Does(fn(&mut Quirks)),
}

impl Profile {
    /// Every profile, those of quirks first.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        PROFILES.iter().chain(&R2_PROFILES)
    }

    /// The profile of this name, in any case.
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::all().find(|profile| profile.name.eq_ignore_ascii_case(name))
    }

    /// The quirk: the name up to its hyphen.
    pub fn quirk(&self) -> &'static str {
        self.name.split('-').next().unwrap_or(self.name)
    }

    /// The honest sink with these deviations.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        self.apply(&mut settings);
        settings
    }

    /// Makes a sink of `settings` that deviates in this way.
    pub fn apply(&self, settings: &mut Settings) {
        for deviation in self.deviations {
            deviation.apply(settings);
        }
    }
}

impl Deviation {
    fn apply(self, settings: &mut Settings) {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let Settings {
            capabilities,
            quirks,
            ..
        } = settings;
        match self {
            Self::Says(name, value) => capabilities.extra.insert(0, pair(name, value)),
            Self::Adds(name, value) => capabilities.unasked.push(pair(name, value)),
            Self::Omits(name) => capabilities.omitted.push(name.to_owned()),
            Self::Renames(asked, said) => capabilities.renamed.push(pair(asked, said)),
            Self::Writes(form) => quirks.forms.push(form),
            Self::Does(change) => change(quirks),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_is_found_by_its_name_and_changes_something() {
        let honest = format!("{:?}", Settings::default());
        for profile in Profile::all() {
            let found = Profile::find(&profile.name.to_lowercase()).expect("a profile");
            assert_eq!(found.name, profile.name);
            assert_ne!(
                format!("{:?}", profile.settings()),
                honest,
                "{}",
                profile.name
            );
        }
        for profile in &PROFILES {
            let number = profile.quirk().strip_prefix('Q').expect("Q");
            assert!(number.parse::<u8>().is_ok(), "{}", profile.name);
        }
        assert!(Profile::find("Q18").is_none());
    }
}
