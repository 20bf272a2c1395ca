//! The casting side: the driver between the emulated Windows and the emulated miniport.
//!
//! The driver is entered by its export only, as Windows does. What this module is not: it knows no
//! sink; whoever connects may be one.

mod adapter;
mod deed;
pub mod record;
pub mod wording;

use core::time::Duration;
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;

use miracast_miniport::device::Config;
use miracast_miniport::encoder::{Dressing, Player, Source as Pictures};
use miracast_miniport::journal::Journal;
use miracast_miniport::peer::Options as MiniportOptions;
use miracast_miniport::script::{Action, ModeWish, Script, Step};
use miracast_os::abi::MIRACAST_DATARATE_STATS;
use miracast_os::{
    ConnectionStats, Device, LoadError, NtStatus, Options as WindowsOptions, SessionInfo, Windows,
    ledger,
};
use miracast_umd::ddi::QueryMiracastDriverInterface;

use crate::mode::Mode;
use adapter::Adapter;
pub use adapter::SlowEscape;
pub use deed::{Deed, Noted};
pub use record::{SentPicture, SourceRecord};

/// Bit rate that Windows recommends when a session starts, in bit/s.
pub const BIT_RATE: u64 = 20_000_000;

/// What Windows recommends for `pictures` at `hertz`, in bit/s: [`BIT_RATE`], or a fifth more than a file needs.
///
/// # Errors
/// The file is no byte stream that can be played.
pub fn recommended(pictures: &Pictures, hertz: u32) -> anyhow::Result<u64> {
    let Pictures::File(bytes) = pictures else {
        return Ok(BIT_RATE);
    };
    let count = Player::new(bytes)?.pictures() as u64;
    let needed = bytes.len() as u64 * 8 * u64::from(hertz) / count.max(1);
    Ok(BIT_RATE.max(needed * 6 / 5))
}

/// The longest time that the programs cast, in seconds: what the miniport and Windows write down of
/// it has a bound.
pub const SECONDS_MAX: i64 = 3600;

/// Pictures of that time at the highest rate of a mode, 60 Hz.
const PICTURES_MAX: usize = 60 * SECONDS_MAX as usize;

const _: () = assert!(PICTURES_MAX < miracast_miniport::journal::KEPT_MAX);

/// How the casting side is set up.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// The miniport and its desktop.
    pub miniport: Config,
    /// Windows.
    pub windows: WindowsOptions,
    /// An escape that takes long.
    pub slow_escape: Option<SlowEscape>,
    /// The driver's DLL; without one it is the driver that is linked into the program.
    pub driver: Option<PathBuf>,
}

impl Setup {
    /// A desktop that sets `mode` (its monitor's best if `None`) after `delay`, with an encoder
    /// that cuts pictures into up to `slices` slices.
    pub fn new(mode: Option<Mode>, delay: Duration, slices: u8) -> Self {
        let wish = mode.map_or(ModeWish::First, Mode::wish);
        let set_mode = Step {
            after: delay,
            action: Action::SetMode(wish),
        };
        let mut options = MiniportOptions::default();
        options.encoder.max_slices = slices.into();
        Self {
            miniport: Config {
                options,
                script: Script::new(vec![set_mode]),
                ..Config::default()
            },
            windows: WindowsOptions::default(),
            slow_escape: None,
            driver: None,
        }
    }

    /// Whether the encoder puts delimiters and parameter sets into its chunks by itself.
    #[must_use]
    pub fn encoder_headers(mut self, own: bool) -> Self {
        self.miniport.options.dressing = Dressing {
            delimiter: own,
            parameter_sets: own,
        };
        self
    }

    /// Whose driver it is.
    #[must_use]
    pub fn driver(mut self, file: Option<PathBuf>) -> Self {
        self.driver = file;
        self
    }

    /// Where the pictures come from; the miniport says in HELLO that it has such an encoder.
    #[must_use]
    pub fn pictures(mut self, source: Pictures) -> Self {
        self.miniport.options.announce(&source);
        self.miniport.source = source;
        self
    }
}

/// Windows with the driver loaded and one device created.
pub struct Source {
    adapter: Arc<Adapter>,
    device: Device,
    windows: Windows,
    driver: Option<PathBuf>,
    /// Allocations of linked drivers before this one.
    allocations: u64,
}

impl core::fmt::Debug for Source {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Source")
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}

impl Source {
    /// Loads the driver and creates a device.
    ///
    /// # Errors
    /// The driver's file, or the status of the driver or of the miniport.
    pub fn new(setup: Setup) -> Result<Self, LoadError> {
        let allocations = ledger::driver_allocations();
        let windows = match &setup.driver {
            Some(file) => Windows::load_file(file)?,
            None => Windows::load(QueryMiracastDriverInterface)?,
        };
        let adapter = Adapter::new(setup.miniport, setup.slow_escape);
        let miniport = Arc::clone(&adapter);
        let device = match windows.create_device_with(miniport, setup.windows) {
            Ok(device) => device,
            Err(status) => {
                // Others may have the DLL yet.
                drop(windows.unload());
                return Err(status.into());
            }
        };
        Ok(Self {
            adapter,
            device,
            windows,
            driver: setup.driver,
            allocations,
        })
    }

    /// Starts a session over a connected RTSP socket; `bit_rate` is what Windows recommends, in
    /// bit/s.
    ///
    /// # Errors
    /// The driver's status.
    pub fn start(&self, stream: TcpStream, bit_rate: u64) -> Result<SessionInfo, NtStatus> {
        self.recommend(bit_rate);
        let rates = ConnectionStats {
            CurrentBitRate: bit_rate,
            LocalMaxBitRate: 2 * bit_rate,
            RemoteMaxBitRate: 2 * bit_rate,
        };
        self.device.start(stream, rates)
    }

    /// What the next data-rate notices recommend, in bit/s.
    pub fn recommend(&self, bit_rate: u64) {
        self.device.set_data_rate(MIRACAST_DATARATE_STATS {
            EncoderBitRate: bit_rate,
            CurrentMaxTxDataRate: 2 * bit_rate,
            ..MIRACAST_DATARATE_STATS::default()
        });
    }

    /// The device of Windows.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// What the driver made the miniport do, so far.
    pub fn deeds(&self) -> Vec<Noted> {
        self.adapter.deeds()
    }

    /// The record of pictures, so far.
    pub fn journal(&self) -> Journal {
        self.adapter.journal()
    }

    /// Stops and destroys the device, unloads the driver, and tells what is known of it.
    pub fn finish(self) -> SourceRecord {
        self.device.destroy();
        let mut violations = self.windows.violations().to_vec();
        violations.extend(self.device.violations());
        let counted = || ledger::driver_allocations() - self.allocations;
        let mut record = SourceRecord {
            journal: self.adapter.journal(),
            deeds: self.adapter.deeds(),
            statistics: self.device.statistics(),
            reports: self.device.reports(),
            timings: self.device.timings(),
            trace: self.device.trace(),
            violations,
            driver_allocations: self.driver.is_none().then(counted),
            driver: self.driver,
        };
        // Before the DLL: nothing may hold it any more.
        drop(self.device);
        record.violations.extend(self.windows.unload());
        record
    }
}
