//! Whether an M4 is within what a sink answered to M3, judged without any of the driver's code: the
//! tables are typed here again, so that both cannot be wrong together.

use core::net::Ipv4Addr;

use anyhow::{Context as _, bail, ensure};

use crate::entry::Answers;

mod form;
mod video;

use form::FORMS;
pub use video::{Choice, Tuple};

/// The addresses of the source that M4 states.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Its address as the sink sees it.
    pub local: Ipv4Addr,
    /// The TCP port for input.
    pub input_port: u16,
}

/// Judges the parameters of an M4 by the whole answer to M3; what was chosen of video.
///
/// # Errors
/// The first parameter that is not within the answer, not in form, twice, or missing.
pub fn check(answers: &Answers, m4: &[(String, String)], place: Place) -> anyhow::Result<Choice> {
    let mut chosen = Vec::new();
    for (index, (name, value)) in m4.iter().enumerate() {
        let before = m4.iter().take(index);
        ensure!(before.clone().all(|(one, _)| one != name), "{name} twice");
        if let Some(form) = FORMS.iter().find(|form| form.name == name) {
            let judged = video::check(form, offered(answers, name)?, value);
            chosen.push(judged.with_context(|| format!("{name}: {value}"))?);
            continue;
        }
        let judged = match name.as_str() {
            "wfd_audio_codecs" | "wfd2_audio_codecs" => check_audio(offered(answers, name)?, value),
            "wfd_presentation_URL" => {
                let want = format!("rtsp://{}/wfd1.0/streamid=0 none", place.local);
                same(value, &want)
            }
            "wfd_client_rtp_ports" => same(value, offered(answers, name)?),
            "wfd_uibc_capability" => check_input(offered(answers, name)?, value, place.input_port),
            "wfd_uibc_setting" => same(value, "enable"),
            _ => bail!("{name} is no parameter of M4"),
        };
        judged.with_context(|| format!("{name}: {value}"))?;
    }
    let has = |name| m4.iter().any(|(one, _)| one == name);
    for name in ["wfd_presentation_URL", "wfd_client_rtp_ports"] {
        ensure!(has(name), "{name} is missing");
    }
    ensure!(
        has("wfd_uibc_capability") == has("wfd_uibc_setting"),
        "input is half there"
    );
    ensure!(chosen.len() == 1, "{} video formats", chosen.len());
    chosen.pop().context("no video format")
}

fn offered<'a>(answers: &'a Answers, name: &str) -> anyhow::Result<&'a str> {
    let value = answers.value(name);
    value.with_context(|| format!("{name} was not answered"))
}

fn same(value: &str, want: &str) -> anyhow::Result<()> {
    ensure!(value == want, "not {want}");
    Ok(())
}

/// One format, one of its modes, latency 0 (S2.1 §6.1.2).
fn check_audio(offer: &str, value: &str) -> anyhow::Result<()> {
    let read = |tuple: &str| {
        let mut fields = tuple.split_whitespace();
        let format = fields.next()?.to_owned();
        let modes = u32::from_str_radix(fields.next()?, 16).ok()?;
        Some((format, modes))
    };
    let (format, mode) = read(value).context("form")?;
    ensure!(mode.is_power_of_two(), "not one mode");
    ensure!(value == format!("{format} {mode:08X} 00"), "form");
    let mut tuples = offer.split(',').filter_map(read);
    let is_offered = tuples.any(|(one, modes)| one == format && modes & mode != 0);
    ensure!(is_offered, "not offered: {offer}");
    Ok(())
}

/// The four parts of the grammar, our port, and no word that the sink did not say (S2.1 §6.4.14).
fn check_input(offer: &str, value: &str, port: u16) -> anyhow::Result<()> {
    let words = |text: &str| -> Vec<(String, Vec<String>)> {
        let parts = text.split(';').filter_map(|part| part.split_once('='));
        let list = |list: &str| list.split(',').map(|word| word.trim().to_owned()).collect();
        parts
            .map(|(key, words)| (key.trim().to_owned(), list(words)))
            .collect()
    };
    let (offer, chosen) = (words(offer), words(value));
    let keys: Vec<&str> = chosen.iter().map(|(key, _)| key.as_str()).collect();
    let grammar = [
        "input_category_list",
        "generic_cap_list",
        "hidc_cap_list",
        "port",
    ];
    ensure!(keys == grammar, "parts {keys:?}");
    let mut inputs = 0;
    for (key, list) in &chosen {
        if key == "port" {
            ensure!(*list == [port.to_string()], "not port {port}");
            continue;
        }
        let offered = offer.iter().find(|(one, _)| one == key);
        for word in list.iter().filter(|word| *word != "none") {
            inputs += 1;
            let is_offered = offered.is_some_and(|(_, words)| words.contains(word));
            ensure!(is_offered, "{word} was not offered");
        }
    }
    ensure!(inputs > 0, "no input");
    Ok(())
}

#[cfg(test)]
mod tests;
