//! What the sink says of the display behind it, through to the choice of the mode.
//!
//! The first byte says which sink it is and whether the rest is the blocks of an EDID ([`BLOCKS`]) or the
//! value of `wfd_display_edid` as text. Whatever it is: whole blocks are kept as they came, up to the
//! bound; what is believed of them is what a second reader finds; and an EDID changes the order of the
//! modes, never which there are.

use core::fmt::Write as _;

use miracast_core::limits::EDID_MAX;
use miracast_core::wfd::Offer;
use miracast_core::wfd::modes::{self, ModeId};
use miracast_core::wfd::negotiate::{Bounds, Selection, select};
use miracast_core::wfd::parameters::{DetailedTiming, Edid, SinkCapabilities};
use miracast_core::wfd::video_offer::VideoOffer;
use miracast_field::stage::START;

/// The bit of the first byte that says that blocks follow and no text.
pub const BLOCKS: u8 = 0x80;

/// The bit of the first byte that says that header and checksum of the blocks are set right: no chance
/// finds them.
pub const RIGHT: u8 = 0x40;

/// Bytes of a block (VESA E-EDID 1.4 §3.1).
const BLOCK: usize = 128;

/// What sinks of the field offer of video: a television, a dongle that offers everything, one of R2, and
/// one with modes of 3:2.
const VIDEO: [&str; 4] = [
    "wfd_video_formats: 40 00 01 10 000194FF 155575DF 00000555 00 0000 0000 1F none none, 02 10 000194FF 155575DF 00000555 00 0000 0000 1F none none\r\n",
    "wfd_video_formats: 00 00 02 10 0001ffff 3fffffff 00000fff 00 0000 0000 11 none none\r\n",
    "wfd_video_formats: 00 00 01 01 00000001 00000000 00000000 00 0000 0000 00 none none\r\n",
    "wfd_video_formats: 81 00 02 04 0001ffff 15555555 00000555 00 0000 0000 00 none none\r\nmicrosoft_video_formats: 1f\r\n",
];

/// Reads `bytes` as what a display says, and chooses.
///
/// # Panics
/// If something does not hold.
pub fn run(bytes: &[u8]) {
    let Some((first, said)) = bytes.split_first() else {
        return;
    };
    let said = &set_right(*first, said)[..];
    let video = VIDEO[usize::from(*first) % VIDEO.len()];
    let value = if first & BLOCKS == 0 {
        let text = String::from_utf8_lossy(said);
        // What follows would be another parameter.
        let line = text.split(['\r', '\n']).next();
        line.unwrap_or_default().to_owned()
    } else {
        text(said)
    };
    let read = Edid::parse(&value);
    if first & BLOCKS != 0 {
        let whole = said.len() - said.len() % BLOCK;
        match &read {
            Ok(Offer::Present(edid)) => assert_eq!(edid.bytes(), &said[..whole.min(EDID_MAX)]),
            other => assert_eq!(whole, 0, "{other:?}"),
        }
    }
    if let Ok(Offer::Present(edid)) = &read {
        check(edid);
    }
    let without = sink(video, "");
    let with = sink(video, &format!("wfd_display_edid: {value}\r\n"));
    compare(&choice(&without), &choice(&with), wish(&with));
}

/// The blocks, right if that is asked for and there is one.
fn set_right(first: u8, said: &[u8]) -> Vec<u8> {
    let mut said = said.to_vec();
    if let (BLOCKS | RIGHT, Some(block)) = (first & (BLOCKS | RIGHT), said.get_mut(..BLOCK)) {
        block[..8].copy_from_slice(b"\0\xFF\xFF\xFF\xFF\xFF\xFF\0");
        let sum = block[..BLOCK - 1]
            .iter()
            .fold(0, |sum: u8, byte| sum.wrapping_add(*byte));
        block[BLOCK - 1] = sum.wrapping_neg();
    }
    said
}

/// The blocks as a sink writes them.
pub fn text(blocks: &[u8]) -> String {
    let mut text = format!("{:04x} ", blocks.len() / BLOCK);
    for byte in blocks {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The sink that answers M3 so. A line that cannot be read does not spoil the others.
fn sink(video: &str, edid: &str) -> SinkCapabilities {
    let mut sink = SinkCapabilities::default();
    let _ = sink.read(format!("{video}{edid}").as_bytes());
    sink
}

fn choice(sink: &SinkCapabilities) -> Selection {
    let offer = VideoOffer::of(sink).expect("the sink has video");
    select(&offer, &START.encoder, &Bounds::new(START.bit_rate))
}

fn wish(sink: &SinkCapabilities) -> Option<DetailedTiming> {
    match &sink.edid {
        Offer::Present(edid) => edid.preferred(),
        Offer::Absent | Offer::None => None,
    }
}

/// Holds what is believed of an EDID against its bytes.
fn check(edid: &Edid) {
    let bytes = edid.bytes();
    assert!(!bytes.is_empty() && bytes.len().is_multiple_of(BLOCK) && bytes.len() <= EDID_MAX);
    let sum: u32 = bytes[..BLOCK].iter().map(|byte| u32::from(*byte)).sum();
    let valid = bytes.starts_with(b"\0\xFF\xFF\xFF\xFF\xFF\xFF\0") && sum.is_multiple_of(256);
    assert_eq!(edid.is_valid(), valid);
    if !valid {
        assert_eq!((edid.vendor(), edid.preferred()), (None, None));
        return;
    }
    if let Some(letters) = edid.vendor() {
        let code = letters.map(|letter| u32::from(letter - b'@'));
        let [first, second, third] = code;
        assert!(letters.iter().all(u8::is_ascii_uppercase), "{letters:?}");
        // The topmost bit says nothing.
        let word = u32::from(bytes[8] & 0x7F) * 256 + u32::from(bytes[9]);
        assert_eq!(first * 1024 + second * 32 + third, word);
    }
    assert_eq!(edid.preferred(), timing(&bytes[54..72]));
}

/// The first descriptor, read with other arithmetic (VESA E-EDID 1.4 §3.10.2).
fn timing(bytes: &[u8]) -> Option<DetailedTiming> {
    let byte = |at: usize| u64::from(bytes[at]);
    let upper = |at: usize| 256 * (byte(at) / 16);
    let lower = |at: usize| 256 * (byte(at) % 16);
    let (width, lines) = (byte(2) + upper(4), byte(5) + upper(7));
    let total = (width + byte(3) + lower(4)) * (lines + byte(6) + lower(7));
    let hertz = 10_000 * (byte(0) + 256 * byte(1));
    if hertz == 0 || width == 0 || lines == 0 {
        return None;
    }
    let interlaced = byte(17) >= 128;
    // To the nearest, and a half up.
    let rate = (2 * hertz + total) / (2 * total);
    Some(DetailedTiming {
        width: width as u16,
        height: (lines * if interlaced { 2 } else { 1 }) as u16,
        rate: u8::try_from(rate).ok()?,
        interlaced,
    })
}

/// The choice without and with an EDID that wishes for something.
fn compare(without: &Selection, with: &Selection, wish: Option<DetailedTiming>) {
    let modes = |selection: &Selection| -> Vec<ModeId> {
        selection.candidates.iter().map(|one| one.mode).collect()
    };
    let (before, after) = (modes(without), modes(with));
    assert_eq!(sorted(before.clone()), sorted(after.clone()));
    for mode in &after {
        assert_eq!(with.candidate(*mode), without.candidate(*mode));
    }
    let Some(wish) = wish else {
        assert_eq!((before, without.native), (after, with.native));
        return;
    };
    let named = ModeId::find(wish.width, wish.height, wish.rate, wish.interlaced);
    if named.is_some() {
        assert_eq!(with.native, named);
    }
    let best = after.first().copied();
    let is = |id: ModeId, exactly: bool| {
        let mode = modes::mode(id).expect("a mode of the tables");
        let size = (mode.width, mode.height) == (wish.width, wish.height);
        let smooth = mode.frames_per_second() >= 30 && !mode.interlaced;
        let same = (mode.rate, mode.interlaced) == (wish.rate, wish.interlaced);
        size && if exactly { same } else { smooth }
    };
    for exactly in [true, false] {
        if after.iter().any(|id| is(*id, exactly)) {
            assert!(
                best.is_some_and(|id| is(id, exactly)),
                "{best:?} for {wish:?}"
            );
            return;
        }
    }
    assert_eq!(before, after, "{wish:?} is no mode");
}

fn sorted(mut modes: Vec<ModeId>) -> Vec<ModeId> {
    modes.sort_unstable();
    modes
}
