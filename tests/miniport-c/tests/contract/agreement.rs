//! What chance makes of requests: both miniports answer alike, whatever came before.

use miracast_kmd_iface::codec::decode_request;
use miracast_kmd_iface::escape::{
    AudioClose, AudioCodec, AudioOpen, AudioStart, AudioStop, Connector, Edid, Escape, Features,
    Hello, InputKind, InputReport, ModeFailed, ModeList, MonitorArrive, MonitorDepart, RequestIdr,
    SetRate, StreamClose, StreamOpen, StreamStart, StreamStop, VersionRange,
};
use miracast_kmd_iface::header::HEADER_SIZE;
use miracast_kmd_iface::message::ModeSet;
use miracast_kmd_iface::timing::{DisplayMode, ModeFlags, Refresh};
use miracast_kmd_iface::{MESSAGE_MAX, NtStatus, Opcode};
use miracast_miniport::script::ModeWish;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::driver::{self, STREAM_OPEN};
use crate::twins::{Twins, bytes_of};

/// What happens to both.
#[derive(Clone, Debug)]
enum Step {
    /// A request that does not depend on what went before: its bytes.
    Ask(Vec<u8>),
    /// STREAM_OPEN as it fits the last mode, but for one or no change.
    Open(Option<OpenChange>),
    SetMode(ModeWish),
    SwitchOff,
}

#[derive(Clone, Copy, Debug)]
enum OpenChange {
    Sequence,
    Width(u16),
    Height(u16),
    Refresh(Refresh),
    Profile(u8, u8),
    Level(u8),
    Slices(u16),
    Flags(u32),
    BitRate(u64),
    Codec(u16),
}

impl OpenChange {
    fn apply(self, open: &mut StreamOpen) {
        match self {
            Self::Sequence => open.mode_sequence = open.mode_sequence.wrapping_add(1),
            Self::Width(width) => open.width = width,
            Self::Height(height) => open.height = height,
            Self::Refresh(refresh) => open.refresh = refresh,
            Self::Profile(idc, flags) => {
                open.profile_idc = idc;
                open.constraint_flags = flags;
            }
            Self::Level(level) => open.level_idc = level,
            Self::Slices(slices) => open.slices = slices,
            Self::Flags(flags) => open.flags = ModeFlags::from_bits_retain(flags),
            Self::BitRate(rate) => open.bit_rate = rate,
            Self::Codec(codec) => open.codec.0 = codec,
        }
    }
}

const MODES: [DisplayMode; 5] = [
    mode(1920, 1080, 60, ModeFlags::empty()),
    mode(1280, 720, 30, ModeFlags::NATIVE),
    mode(1920, 1080, 60, ModeFlags::INTERLACED),
    // Wider, and faster, than the encoder can.
    mode(3840, 2160, 30, ModeFlags::empty()),
    mode(1920, 1080, 120, ModeFlags::empty()),
];

const fn mode(width: u16, height: u16, hertz: u32, flags: ModeFlags) -> DisplayMode {
    DisplayMode {
        width,
        height,
        refresh: Refresh::from_hertz(hertz),
        flags,
    }
}

fn refresh() -> impl Strategy<Value = Refresh> {
    let fraction = (any::<u32>(), any::<u32>());
    let near = (20..70_u32, 0..3_u32);
    prop_oneof![near, fraction].prop_map(|(numerator, denominator)| Refresh {
        numerator,
        denominator,
    })
}

fn open_change() -> impl Strategy<Value = OpenChange> {
    use OpenChange as C;
    prop_oneof![
        Just(C::Sequence),
        any::<u16>().prop_map(C::Width),
        any::<u16>().prop_map(C::Height),
        refresh().prop_map(C::Refresh),
        (select(vec![0, 66, 77, 100]), any::<u8>()).prop_map(|(idc, flags)| C::Profile(idc, flags)),
        select(vec![0, 31, 32, 40, 41, 42, 50, 51, 52, 60]).prop_map(C::Level),
        (0..9_u16).prop_map(C::Slices),
        (0..5_u32).prop_map(C::Flags),
        any::<u64>().prop_map(C::BitRate),
        (0..4_u16).prop_map(C::Codec),
    ]
}

fn monitor_arrive() -> impl Strategy<Value = MonitorArrive> {
    let modes = vec(select(MODES.to_vec()), 1..4);
    (0..=4_usize, modes).prop_map(|(blocks, modes)| MonitorArrive {
        connector: Connector::UNSPECIFIED,
        edid: Edid::from_slice(&vec![9; blocks * 128]).expect("at most four blocks"),
        modes: ModeList::from_slice(&modes).expect("a few"),
    })
}

fn input_report() -> impl Strategy<Value = InputReport> {
    let numbers = any::<(u16, u16, u16, i16)>();
    (0..14_u16, numbers, 0..3_u8).prop_map(|(kind, numbers, unit)| {
        let mut report = driver::input_report();
        report.kind = InputKind(kind);
        (report.x, report.y) = (numbers.0, numbers.1);
        (report.width, report.amount) = (numbers.2 % 8, numbers.3);
        report.unit.0 = unit;
        report
    })
}

fn audio_open() -> impl Strategy<Value = AudioOpen> {
    let rates = select(vec![0, 44_100, 48_000, 96_000]);
    let parts = (0..5_u16, 0..10_u16, rates, 0..2_u32);
    let any = parts.prop_map(|(codec, channels, sample_rate, bit_rate)| AudioOpen {
        codec: AudioCodec(codec),
        channels,
        sample_rate,
        bit_rate,
    });
    prop_oneof![2 => Just(driver::AUDIO_OPEN), 1 => any]
}

fn escape() -> impl Strategy<Value = Escape> {
    let hello = (0..3_u16, 0..3_u16, 0..16_u32).prop_map(|(oldest, newest, features)| Hello {
        versions: VersionRange { oldest, newest },
        features: Features::from_bits_retain(features),
    });
    let stream = 0..4_u32;
    let rate = (any::<u64>(), 0..30_u32, stream.clone(), refresh());
    let set_rate = rate.prop_map(|(rate, shift, stream, refresh)| SetRate {
        bit_rate: rate >> (shift + 30),
        stream,
        refresh,
    });
    let failed = (0..6_u32, any::<u32>()).prop_map(|(mode_sequence, status)| ModeFailed {
        mode_sequence,
        status: NtStatus(status),
    });
    prop_oneof![
        2 => Just(Escape::Hello(driver::HELLO)),
        1 => hello.prop_map(Escape::Hello),
        3 => monitor_arrive().prop_map(Escape::MonitorArrive),
        1 => Just(Escape::MonitorDepart(MonitorDepart {})),
        4 => stream.clone().prop_map(|stream| Escape::StreamStart(StreamStart { stream })),
        2 => stream.clone().prop_map(|stream| Escape::StreamStop(StreamStop { stream })),
        4 => stream.clone().prop_map(|stream| Escape::StreamClose(StreamClose { stream })),
        2 => stream.clone().prop_map(|stream| Escape::RequestIdr(RequestIdr { stream })),
        4 => audio_open().prop_map(Escape::AudioOpen),
        2 => stream.clone().prop_map(|stream| Escape::AudioStart(AudioStart { stream })),
        2 => stream.clone().prop_map(|stream| Escape::AudioStop(AudioStop { stream })),
        3 => stream.prop_map(|stream| Escape::AudioClose(AudioClose { stream })),
        2 => set_rate.prop_map(Escape::SetRate),
        2 => failed.prop_map(Escape::ModeFailed),
        2 => input_report().prop_map(Escape::InputReport),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let wish = prop_oneof![
        3 => Just(ModeWish::First),
        1 => (1..4000_u16, 1..3000_u16, 24..70_u32).prop_map(|(width, height, hertz)| {
            ModeWish::Exactly { width, height, hertz }
        }),
        1 => Just(ModeWish::Exactly { width: 1280, height: 720, hertz: 30 }),
        1 => Just(ModeWish::Exactly { width: 1920, height: 1080, hertz: 60 }),
    ];
    prop_oneof![
        8 => escape().prop_map(|escape| Step::Ask(escape_bytes(&escape))),
        3 => Just(Step::Open(None)),
        2 => open_change().prop_map(|change| Step::Open(Some(change))),
        4 => wish.prop_map(Step::SetMode),
        1 => Just(Step::SwitchOff),
    ]
}

fn escape_bytes(escape: &Escape) -> Vec<u8> {
    match escape {
        Escape::Hello(body) => bytes_of(body),
        Escape::MonitorArrive(body) => bytes_of(body),
        Escape::MonitorDepart(body) => bytes_of(body),
        Escape::StreamOpen(body) => bytes_of(body),
        Escape::StreamStart(body) => bytes_of(body),
        Escape::StreamStop(body) => bytes_of(body),
        Escape::StreamClose(body) => bytes_of(body),
        Escape::RequestIdr(body) => bytes_of(body),
        Escape::SetRate(body) => bytes_of(body),
        Escape::ModeFailed(body) => bytes_of(body),
        Escape::AudioOpen(body) => bytes_of(body),
        Escape::AudioStart(body) => bytes_of(body),
        Escape::AudioStop(body) => bytes_of(body),
        Escape::AudioClose(body) => bytes_of(body),
        Escape::InputReport(body) => bytes_of(body),
    }
}

/// The request that fits what Windows has set.
fn open_for(mode: Option<ModeSet>, change: Option<OpenChange>) -> StreamOpen {
    let mut open = STREAM_OPEN;
    if let Some(mode) = mode.filter(|mode| !mode.is_off()) {
        open.width = mode.width;
        open.height = mode.height;
        open.refresh = mode.refresh;
        open.flags = mode.flags;
        open.mode_sequence = mode.sequence;
    }
    if let Some(change) = change {
        change.apply(&mut open);
    }
    open
}

/// Changes to single bytes, near the front more often than not: header and counts are there.
fn dirt() -> impl Strategy<Value = Vec<(Index, bool, u8)>> {
    vec((any::<Index>(), any::<bool>(), any::<u8>()), 0..3)
}

fn soil(bytes: &mut [u8], dirt: &[(Index, bool, u8)]) {
    for (at, in_front, value) in dirt {
        let length = if *in_front { 40 } else { bytes.len() };
        let at = at.index(length.min(bytes.len()));
        bytes[at] = *value;
    }
}

proptest! {
    #[test]
    fn both_go_the_same_way(steps in vec((step(), prop::option::weighted(0.2, dirt())), 1..80)) {
        let mut twins = Twins::new();
        twins.ask(&bytes_of(&driver::HELLO))?;
        let mut first = MODES[0];
        for (step, dirt) in steps {
            let mut request = match step {
                Step::Ask(request) => request,
                Step::Open(change) => bytes_of(&open_for(twins.mode, change)),
                Step::SetMode(wish) => {
                    twins.set_mode(wish, first)?;
                    continue;
                }
                Step::SwitchOff => {
                    twins.switch_off()?;
                    continue;
                }
            };
            soil(&mut request, &dirt.unwrap_or_default());
            let answer = twins.ask(&request)?;
            // The list that counts is the last that was accepted.
            if let (Ok((_, Escape::MonitorArrive(arrive))), [0, 0, 0, 0]) =
                (decode_request::<Escape>(&request), &answer[16..20])
            {
                first = arrive.modes.as_slice()[0];
            }
        }
    }

    #[test]
    fn both_judge_a_dirty_request_alike(
        escape in escape(),
        dirt in dirt(),
        cut in any::<Index>(),
        whole: bool,
        greeted: bool,
    ) {
        let mut twins = Twins::new();
        if greeted {
            twins.ask(&bytes_of(&driver::HELLO))?;
        }
        let mut request = escape_bytes(&escape);
        soil(&mut request, &dirt);
        if !whole {
            request.truncate(cut.index(request.len()));
        }
        twins.ask(&request)?;
    }

    #[test]
    fn both_judge_any_bytes_alike(
        header in any::<bool>(),
        bytes in vec(any::<u8>(), 0..MESSAGE_MAX + 64),
    ) {
        let mut twins = Twins::new();
        twins.ask(&bytes_of(&driver::HELLO))?;
        let mut request = bytes;
        if header && request.len() > HEADER_SIZE {
            // Only the body and the opcode are left to chance.
            let opcode = request[6..8].to_vec();
            let body = (request.len() - HEADER_SIZE).min(MESSAGE_MAX - HEADER_SIZE);
            request[..HEADER_SIZE].copy_from_slice(&bytes_of(&MonitorDepart {}));
            request[8..12].copy_from_slice(&((HEADER_SIZE + body) as u32).to_le_bytes());
            let known = select_opcode(&opcode);
            request[6..8].copy_from_slice(&known.to_le_bytes());
        }
        twins.ask(&request)?;
    }
}

/// One of the opcodes of both directions, by chance.
fn select_opcode(random: &[u8]) -> u16 {
    let chance = random.iter().map(|byte| usize::from(*byte)).sum::<usize>();
    Opcode::ALL[chance % Opcode::ALL.len()].0
}
