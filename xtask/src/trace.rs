//! `cargo xtask trace`: what the driver tells ETW, and how to record it.

use core::fmt::Write as _;
use std::fs;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::suite::project_root;

mod about;
mod counts;
/// The driver's own table: no crate of it is linked here.
#[path = "../../umd/src/trace_sink/events.rs"]
mod events;

use about::ABOUT;
use counts::COUNTS;
use events::{CONTEXT, EVENTS, KEYWORD, LEVEL, PROVIDER, PROVIDER_ID, Type};

/// The event whose fields are counts, too many for a line.
const COUNTED: &str = "Totals";

/// Beside target/package.
const PROFILE: &str = "target/miracast_umd.wprp";

/// Prints the provider and writes the profile.
///
/// # Errors
/// The profile cannot be written.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    print!("{}", description());
    let path = project_root().join(PROFILE);
    let directory = path.parent().context("no target directory")?;
    fs::create_dir_all(directory)?;
    fs::write(&path, profile()).with_context(|| path.display().to_string())?;
    println!(
        "\n{PROFILE} is written. On the test machine, as administrator:\n\n    \
         wpr -start miracast_umd.wprp\n    wpr -stop miracast.etl"
    );
    Ok(ExitCode::SUCCESS)
}

/// The provider and its events.
fn description() -> String {
    let guid = guid(PROVIDER_ID);
    let mut text = format!(
        "Provider {PROVIDER}, {{{guid}}} (TraceLogging: the events describe themselves)\n\
         Level {LEVEL}, keyword {KEYWORD:#x}\n\n\
         In each event: {}, the context that CreateMiracastContext returned.\n\n",
        field(CONTEXT)
    );
    for (event, (_, about)) in EVENTS.iter().zip(ABOUT) {
        let name = event.name;
        let fields: Vec<_> = event.fields.iter().copied().map(field).collect();
        let fields = match name {
            COUNTED => "the counts below".to_owned(),
            _ => fields.join(", "),
        };
        // A String takes everything.
        let _ = writeln!(text, "{name:<16} {about}\n{:17}{fields}", "");
    }
    text.push_str("\nCounts (64 bits), of one session:\n\n");
    for (name, about) in COUNTS {
        let _ = writeln!(text, "{name:<22} {about}");
    }
    text
}

fn field((name, kind): (&str, Type)) -> String {
    let kind = match kind {
        Type::Text => "text",
        Type::U16 => "16 bits",
        Type::U32 => "32 bits",
        Type::U64 => "64 bits",
        Type::Hex32 => "32 bits in hexadecimal",
        Type::Hex64 => "64 bits in hexadecimal",
    };
    format!("{name} ({kind})")
}

fn guid(id: u128) -> String {
    let digits = format!("{id:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
    parts.map(|part| &digits[part]).join("-")
}

/// The profile for Windows Performance Recorder.
fn profile() -> String {
    let guid = guid(PROVIDER_ID);
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<WindowsPerformanceRecorder Version="1.0" Author="{PROVIDER}">
  <Profiles>
    <EventCollector Id="EventCollector_Miracast" Name="Miracast">
      <BufferSize Value="64"/>
      <Buffers Value="16"/>
    </EventCollector>
    <EventProvider Id="EventProvider_Miracast" Name="{guid}" Level="{LEVEL}">
      <Keywords>
        <Keyword Value="{KEYWORD:#x}"/>
      </Keywords>
    </EventProvider>
    <Profile Id="Miracast.Verbose.File" Name="Miracast" Description="Miracast user-mode driver" LoggingMode="File" DetailLevel="Verbose">
      <Collectors>
        <EventCollectorId Value="EventCollector_Miracast">
          <EventProviders>
            <EventProviderId Value="EventProvider_Miracast"/>
          </EventProviders>
        </EventCollectorId>
      </Collectors>
    </Profile>
    <Profile Id="Miracast.Verbose.Memory" Name="Miracast" Description="Miracast user-mode driver" Base="Miracast.Verbose.File" LoggingMode="Memory" DetailLevel="Verbose"/>
  </Profiles>
</WindowsPerformanceRecorder>
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The elements that are open at the end of well-formed XML: none.
    fn open_elements(xml: &str) -> Vec<&str> {
        let mut open = Vec::new();
        for tag in xml.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').expect("the end of a tag");
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
            let name = tag.split([' ', '/']).find(|part| !part.is_empty());
            let name = name.expect("a name");
            if let Some(closed) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(closed));
            } else if !tag.ends_with(['/', '?']) {
                open.push(name);
            }
        }
        open
    }

    #[test]
    fn the_profile_is_well_formed_and_names_the_provider() {
        let profile = profile();
        assert_eq!(open_elements(&profile), [""; 0]);
        assert!(profile.contains("Name=\"e5d90ed5-468a-55f9-a887-7c7d4d9f05f8\""));
    }

    #[test]
    fn each_event_is_described() {
        assert_eq!(EVENTS.map(|event| event.name), ABOUT.map(|(name, _)| name));
        let text = description();
        let totals = EVENTS
            .iter()
            .find(|event| event.name == COUNTED)
            .expect("an event");
        let names = totals.fields.iter().map(|(name, _)| *name);
        assert!(names.eq(COUNTS.map(|(name, _)| name)));
        for (name, about) in COUNTS {
            assert!(text.contains(&format!("\n{name:<22} {about}\n")));
        }
        for (name, about) in ABOUT {
            assert!(text.contains(&format!("\n{name:<16} {about}\n")));
        }
        assert!(text.contains("RtspStatus (16 bits), Code (16 bits), Step (text)"));
    }
}
