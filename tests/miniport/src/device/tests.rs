use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use core::time::Duration;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use miracast_kmd_iface::codec::{self, Nothing, Request};
use miracast_kmd_iface::escape::{
    Codec, Connector, Edid, Features, Hello, ModeList, MonitorArrive, StreamClose, StreamOpen,
    StreamOpened, StreamStart, StreamStop, VersionRange,
};
use miracast_kmd_iface::message::{DeviceLost, Message, ModeSet, MonitorPower, PowerState};
use miracast_kmd_iface::ring::Consumer;
use miracast_kmd_iface::timing::{DisplayMode, ModeFlags, Refresh};
use miracast_kmd_iface::{ChunkRecord, MESSAGE_MAX, NtStatus};
use openh264::decoder::Decoder;
use openh264::formats::YUVSource;

use super::{Config, Device, Dxgk};
use crate::encoder::{Dressing, Source, annex_b};
use crate::peer::{Event, Options};
use crate::picture::read_counter;
use crate::ring::{RingAddress, driver_end};
use crate::script::{Action, ModeWish, Script, Step};
use crate::stream::{ChunkInfo, ChunkType, lock};

/// A graphics kernel that writes down what it is told.
struct Kernel {
    start: Instant,
    messages: Mutex<Vec<Message>>,
    infos: Mutex<Vec<ChunkInfo>>,
    chunks: Mutex<Vec<(ChunkInfo, ChunkRecord)>>,
    no_memory: AtomicBool,
    dpcs: AtomicU32,
    /// Messages wait here as long as the test holds it.
    gate: Mutex<()>,
}

impl Kernel {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            start: Instant::now(),
            messages: Mutex::default(),
            infos: Mutex::default(),
            chunks: Mutex::default(),
            no_memory: AtomicBool::new(false),
            dpcs: AtomicU32::new(0),
            gate: Mutex::default(),
        })
    }

    fn mode_sets(&self) -> Vec<ModeSet> {
        let messages = lock(&self.messages);
        let mode_set = |message: &Message| match message {
            Message::ModeSet(set) => Some(*set),
            _ => None,
        };
        messages.iter().filter_map(mode_set).collect()
    }

    fn chunks(&self) -> Vec<(ChunkInfo, ChunkRecord)> {
        lock(&self.chunks).clone()
    }
}

impl Dxgk for Kernel {
    fn performance_counter(&self) -> u64 {
        self.start.elapsed().as_nanos() as u64 / 100
    }

    fn send_message(&self, input: &[u8], output: &mut [u8]) -> Result<usize, NtStatus> {
        drop(lock(&self.gate));
        let (sequence, message) = codec::decode_request(input).expect("a good message");
        lock(&self.messages).push(message);
        let reply = codec::encode_reply::<ModeSet>(sequence, &Nothing::default(), output);
        Ok(reply.expect("room"))
    }

    fn report_chunk_info(&self, info: &ChunkInfo) {
        lock(&self.infos).push(*info);
    }

    fn chunk_completed(&self, info: &ChunkInfo, private_data: &[u8]) -> NtStatus {
        if self.no_memory.load(Ordering::Relaxed) {
            return NtStatus::NO_MEMORY;
        }
        let record = ChunkRecord::decode(private_data).expect("a good record");
        lock(&self.chunks).push((*info, record));
        NtStatus::SUCCESS
    }

    fn notify_dpc(&self) {
        self.dpcs.fetch_add(1, Ordering::Relaxed);
    }
}

fn ask<R: Request>(device: &Device, request: &R) -> R::Reply {
    let mut input = [0; MESSAGE_MAX];
    let mut output = [0; MESSAGE_MAX];
    let length = codec::encode_request(3, request, &mut input).expect("room");
    let (status, length) = device.io_control(&input[..length], &mut output);
    assert_eq!(status, NtStatus::SUCCESS);
    codec::decode_reply::<R>(&output[..length], 3).expect("a good reply")
}

/// Waits for what must come; a test that hangs for ever would not say where.
fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(20), "no {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn device(kernel: &Arc<Kernel>, config: Config) -> Device {
    let kernel: Arc<dyn Dxgk> = Arc::<Kernel>::clone(kernel);
    Device::new(config, kernel).expect("threads")
}

fn synthetic(options: Options) -> Config {
    Config {
        options,
        source: Source::Synthetic { seed: 5 },
        keep_bytes: true,
        ..Config::default()
    }
}

fn arrive(device: &Device) {
    let hello = Hello {
        versions: VersionRange::SUPPORTED,
        features: Features::empty(),
    };
    ask(device, &hello);
    let mode = DisplayMode {
        width: 640,
        height: 480,
        refresh: Refresh::from_hertz(60),
        flags: ModeFlags::empty(),
    };
    let monitor = MonitorArrive {
        connector: Connector::HDMI,
        edid: Edid::new(),
        modes: ModeList::from_slice(&[mode]).expect("one mode"),
    };
    ask(device, &monitor);
}

/// Goes as far as an open stream of two slices.
fn open(device: &Device, kernel: &Kernel) -> StreamOpened {
    arrive(device);
    wait_until("MODE_SET", || !kernel.mode_sets().is_empty());
    let open = StreamOpen {
        codec: Codec::H264,
        profile_idc: 66,
        constraint_flags: 0xC0,
        level_idc: 31,
        slices: 2,
        width: 640,
        height: 480,
        refresh: Refresh::from_hertz(60),
        flags: ModeFlags::empty(),
        bit_rate: 2_000_000,
        gop: 0,
        mode_sequence: kernel.mode_sets()[0].sequence,
    };
    ask(device, &open)
}

fn consumer(opened: &StreamOpened) -> Consumer {
    let address = RingAddress {
        base: opened.ring_base,
        control_len: opened.control_len,
        data_len: opened.data_len,
    };
    driver_end(address).expect("a good ring")
}

fn read(consumer: &mut Consumer, record: &ChunkRecord) -> Vec<u8> {
    let range = consumer.span(record).expect("handed over");
    let mut bytes = vec![0; record.length as usize];
    consumer.copy(range, 0, &mut bytes).expect("inside");
    consumer.release(range).expect("ours");
    bytes
}

#[test]
fn the_desktop_sets_a_mode_after_its_delay() {
    let kernel = Kernel::new();
    let delay = Duration::from_millis(60);
    let config = Config {
        script: Script::set_first_mode(delay),
        ..synthetic(Options::default())
    };
    let device = device(&kernel, config);
    let before = Instant::now();
    arrive(&device);
    wait_until("MODE_SET", || !kernel.mode_sets().is_empty());
    assert!(before.elapsed() >= delay);
    let set = kernel.mode_sets()[0];
    assert_eq!((set.width, set.height, set.mode_index), (640, 480, 0));
    let events = device.take_events();
    assert!(matches!(
        events[..],
        [Event::Greeted, Event::MonitorArrived { .. }]
    ));
}

#[test]
fn slices_come_in_order_at_the_rate_of_the_stream_and_as_the_journal_says() {
    let kernel = Kernel::new();
    let options = Options {
        dressing: Dressing {
            delimiter: true,
            parameter_sets: true,
        },
        ..Options::default()
    };
    let device = device(&kernel, synthetic(options));
    let mut consumer = consumer(&open(&device, &kernel));
    let before = Instant::now();
    ask(&device, &StreamStart { stream: 1 });
    wait_until("40 chunks", || kernel.chunks().len() >= 40);
    // The clock can only be late: 20 pictures take at least 18 periods.
    assert!(before.elapsed() >= Duration::from_millis(18 * 16));
    ask(&device, &StreamStop { stream: 1 });
    let chunks = kernel.chunks();
    let journal = device.journal();
    for (pair, entry) in chunks.chunks_exact(2).zip(journal.entries()) {
        let parts: Vec<_> = pair.iter().map(|(info, _)| info.id.part).collect();
        assert_eq!(parts, [1, 0]);
        let handed_over = entry.result.as_ref().expect("a picture");
        let mut in_ring = Vec::new();
        for (info, record) in pair {
            assert_eq!(info.id.frame, u64::from(entry.frame));
            assert_eq!(info.kind, ChunkType::EncodeComplete);
            assert_eq!(record.capture_time, entry.capture_time);
            in_ring.extend(read(&mut consumer, record));
        }
        let noted = handed_over.units.iter();
        let noted: Vec<_> = noted.filter_map(|unit| unit.bytes.as_deref()).collect();
        assert_eq!(noted, annex_b::units(&in_ring).collect::<Vec<_>>());
        assert!(entry.capture_time <= entry.handed_over.counter);
    }
    let starts = lock(&kernel.infos)
        .iter()
        .filter(|info| info.kind == ChunkType::FrameStart)
        .count();
    assert!(starts >= chunks.len() / 2, "every picture is announced");
}

#[test]
fn what_openh264_made_of_the_desktop_shows_the_frame_of_the_chunk() {
    let kernel = Kernel::new();
    let config = Config {
        options: Options {
            dressing: Dressing {
                delimiter: true,
                parameter_sets: true,
            },
            ..Options::default()
        },
        ..Config::default()
    };
    let device = device(&kernel, config);
    let mut consumer = consumer(&open(&device, &kernel));
    ask(&device, &StreamStart { stream: 1 });
    wait_until("20 chunks", || kernel.chunks().len() >= 20);
    ask(&device, &StreamStop { stream: 1 });
    let mut decoder = Decoder::new().expect("a decoder");
    for pair in kernel.chunks().chunks_exact(2) {
        let mut unit = Vec::new();
        for (_, record) in pair {
            unit.extend(read(&mut consumer, record));
        }
        let picture = decoder
            .decode(&unit)
            .expect("a valid stream")
            .expect("a picture");
        let (width, height) = picture.dimensions();
        let shown = read_counter(picture.y(), width, height, picture.strides().0);
        assert_eq!(shown.map(u64::from), Some(pair[0].0.id.frame));
    }
}

#[test]
fn nothing_is_written_after_stop() {
    let kernel = Kernel::new();
    let device = device(&kernel, synthetic(Options::default()));
    let mut consumer = consumer(&open(&device, &kernel));
    ask(&device, &StreamStart { stream: 1 });
    wait_until("a chunk", || !kernel.chunks().is_empty());
    ask(&device, &StreamStop { stream: 1 });
    consumer.release_all().expect("a good ring");
    std::thread::sleep(Duration::from_millis(60));
    assert_eq!(consumer.release_all(), Ok(0));
    ask(&device, &StreamClose { stream: 1 });
}

#[test]
fn a_driver_that_does_not_release_loses_pictures() {
    let kernel = Kernel::new();
    let options = Options {
        ring_bytes: 64 * 1024,
        ..Options::default()
    };
    let device = device(&kernel, synthetic(options));
    open(&device, &kernel);
    ask(&device, &StreamStart { stream: 1 });
    wait_until("dropped picture", || device.journal().dropped() > 0);
    let dropped = |info: &ChunkInfo| info.kind == ChunkType::FrameDropped;
    wait_until("FRAME_DROPPED", || lock(&kernel.infos).iter().any(dropped));
    assert!(device.journal().encoded() > 0);
}

#[test]
fn windows_without_memory_is_told_to_reset_the_chunks() {
    let kernel = Kernel::new();
    kernel.no_memory.store(true, Ordering::Relaxed);
    let device = device(&kernel, synthetic(Options::default()));
    open(&device, &kernel);
    ask(&device, &StreamStart { stream: 1 });
    wait_until("DPC", || kernel.dpcs.load(Ordering::Relaxed) > 0);
    wait_until("refused chunk", || device.journal().chunks_refused() > 0);
}

#[test]
fn a_message_that_is_held_back_stops_neither_requests_nor_pictures() {
    let kernel = Kernel::new();
    let device = device(&kernel, synthetic(Options::default()));
    open(&device, &kernel);
    let gate = lock(&kernel.gate);
    // The desktop thread is now stuck in the message of a second arrival.
    arrive(&device);
    ask(&device, &StreamStart { stream: 1 });
    wait_until("chunk", || !kernel.chunks().is_empty());
    assert_eq!(kernel.mode_sets().len(), 1);
    drop(gate);
    wait_until("second MODE_SET", || kernel.mode_sets().len() == 2);
}

#[test]
fn every_action_of_the_script_is_a_message() {
    let kernel = Kernel::new();
    let actions = [
        Action::SetMode(ModeWish::First),
        Action::Power(PowerState::OFF),
        Action::Protection(1),
        Action::PathOff,
        Action::LoseDevice(NtStatus::DEVICE_REMOVED),
    ];
    let after = Duration::ZERO;
    let steps = actions.map(|action| Step { after, action });
    let config = Config {
        script: Script::new(steps.to_vec()),
        ..synthetic(Options::default())
    };
    let device = device(&kernel, config);
    arrive(&device);
    wait_until("5 messages", || lock(&kernel.messages).len() == 5);
    let messages = lock(&kernel.messages);
    let off = MonitorPower {
        state: PowerState::OFF,
    };
    let lost = DeviceLost {
        status: NtStatus::DEVICE_REMOVED,
    };
    assert!(matches!(&messages[0], Message::ModeSet(set) if !set.is_off()));
    assert_eq!(messages[1], Message::MonitorPower(off));
    assert!(matches!(&messages[2], Message::Protection(wanted) if wanted.level == 1));
    assert!(matches!(&messages[3], Message::ModeSet(set) if set.is_off()));
    assert_eq!(messages[4], Message::DeviceLost(lost));
}
