//! Drivers made for the tests: a trait with a well-behaved default for each entry point, and the
//! binary interface around it. None of it allocates, so that allocations can be tested too.

use core::ffi::c_void;
use core::net::Ipv4Addr;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use miracast_os::abi::{
    HANDLE, MIRACAST_CALLBACKS, MIRACAST_CHUNK_DATA, MIRACAST_CHUNK_ID, MIRACAST_CHUNK_INFO,
    MIRACAST_DATARATE_STATS, MIRACAST_DRIVER_INTERFACE, MIRACAST_SESSION_INFO,
    MIRACAST_STATISTIC_DATA, MIRACAST_STATISTIC_DATA_MEMBER,
    MIRACAST_STATISTIC_TYPE_CHUNK_PROCESSING_COMPLETE, MIRACAST_STATISTIC_TYPE_CHUNK_SENT,
    MIRACAST_STATISTIC_TYPE_EVENT, MIRACAST_WFD_CONNECTION_STATS, PRIVATE_DATA_OFFSET, PVOID,
};
use miracast_os::{ConnectionStats, Device, DxgkCallbacks, Miniport, NtStatus, Options, Windows};

/// A driver. What is not said does nothing and succeeds.
pub(crate) trait Fake: 'static {
    fn create(_os: Os) -> NtStatus {
        NtStatus::SUCCESS
    }

    /// Returns the status and `MIRACAST_SESSION_INFO`.
    fn start(_os: Os, _socket: usize) -> (NtStatus, u32) {
        (NtStatus::SUCCESS, MIRACAST_SESSION_INFO::MONITOR_CONNECTED)
    }

    fn stop(_os: Os) {}

    fn destroy(_os: Os) {}

    /// Returns the status and the bytes that it says it wrote.
    fn message(_os: Os, _input: &[u8], _output: &mut [u8]) -> (NtStatus, usize) {
        (NtStatus::SUCCESS, 0)
    }

    fn notice(_os: Os, _stats: Option<MIRACAST_DATARATE_STATS>) {}
}

/// The callbacks, which are the same for every device.
static CALLBACKS: OnceLock<MIRACAST_CALLBACKS> = OnceLock::new();

/// A device as a driver sees it. The context that the driver gives to Windows is the handle.
#[derive(Clone, Copy)]
pub(crate) struct Os {
    pub(crate) handle: usize,
}

impl Os {
    fn raw(self) -> HANDLE {
        core::ptr::without_provenance_mut(self.handle)
    }

    fn callbacks() -> MIRACAST_CALLBACKS {
        *CALLBACKS.get().expect("a context was created")
    }

    pub(crate) fn report(self, status: u32) {
        let report = Self::callbacks().ReportSessionStatus.expect("given");
        // SAFETY: the call takes integers only.
        unsafe { report(self.raw(), status, NtStatus::UNSUCCESSFUL) };
    }

    pub(crate) fn io_control(self, input: &[u8], output: &mut [u8]) -> (NtStatus, usize) {
        self.io_control_with(0, input, output)
    }

    pub(crate) fn io_control_with(
        self,
        hardware_access: i32,
        input: &[u8],
        output: &mut [u8],
    ) -> (NtStatus, usize) {
        let function = Self::callbacks().MiracastIoControl.expect("given");
        let mut returned = 0;
        let (size, room) = (input.len() as u32, output.len() as u32);
        let (input, output) = (input.as_ptr().cast(), output.as_mut_ptr().cast());
        let handle = self.raw();
        // SAFETY: the pointers and sizes are those of slices and of a local.
        let status = unsafe {
            function(
                handle,
                hardware_access,
                size,
                input,
                room,
                output,
                &raw mut returned,
            )
        };
        (status, returned as usize)
    }

    fn statistic(self, kind: u32, member: MIRACAST_STATISTIC_DATA_MEMBER) {
        let function = Self::callbacks().ReportStatistic.expect("given");
        let data = MIRACAST_STATISTIC_DATA {
            StatisticType: kind,
            Member: member,
        };
        // SAFETY: the pointer is to a local.
        unsafe { function(self.raw(), &raw const data) };
    }

    pub(crate) fn sent(self, frame: u64, part: u32) {
        let id = MIRACAST_CHUNK_ID::new(frame, part);
        let member = MIRACAST_STATISTIC_DATA_MEMBER { ChunkSent: id };
        self.statistic(MIRACAST_STATISTIC_TYPE_CHUNK_SENT, member);
    }

    pub(crate) fn stage(self, chunk_type: u32, frame: u64) {
        let info = MIRACAST_CHUNK_INFO {
            ChunkType: chunk_type,
            ChunkId: MIRACAST_CHUNK_ID::new(frame, 0),
            ..Default::default()
        };
        let member = MIRACAST_STATISTIC_DATA_MEMBER {
            EncodeComplete: info,
        };
        self.statistic(MIRACAST_STATISTIC_TYPE_CHUNK_PROCESSING_COMPLETE, member);
    }

    pub(crate) fn event(self, event: u32) {
        let member = MIRACAST_STATISTIC_DATA_MEMBER {
            ProtocolEvent: event,
        };
        self.statistic(MIRACAST_STATISTIC_TYPE_EVENT, member);
    }

    /// Returns the status and the length of the records in `buffer`.
    pub(crate) fn next_chunk(
        self,
        timeout: u32,
        events: &[HANDLE],
        buffer: &mut [u8],
    ) -> (NtStatus, usize) {
        let function = Self::callbacks().GetNextChunkData.expect("given");
        let mut size = buffer.len() as u32;
        let mut left = 0;
        let (count, events) = (events.len() as u32, events.as_ptr());
        let buffer = buffer
            .as_mut_ptr()
            .cast::<c_void>()
            .cast::<MIRACAST_CHUNK_DATA>();
        let handle = self.raw();
        // SAFETY: the pointers and sizes are those of slices and of locals; the records are bytes.
        let status = unsafe {
            function(
                handle,
                timeout,
                count,
                events,
                &raw mut size,
                buffer,
                &raw mut left,
            )
        };
        (status, size as usize)
    }

    /// Registers `F::notice`, or takes that back.
    pub(crate) fn register<F: Fake>(self, yes: bool) -> NtStatus {
        let function = Self::callbacks()
            .RegisterForDataRateNotifications
            .expect("given");
        let notify: unsafe extern "system" fn(PVOID, *const MIRACAST_DATARATE_STATS) = notice::<F>;
        // SAFETY: the context is a handle, which is only compared and passed on.
        unsafe { function(self.raw(), self.raw(), yes.then_some(notify)) }
    }
}

/// Frame, part and private data of each record of a buffer.
pub(crate) fn records(mut bytes: &[u8]) -> impl Iterator<Item = (u64, u32, &[u8])> {
    core::iter::from_fn(move || {
        let (head, rest) = bytes.split_at_checked(PRIVATE_DATA_OFFSET)?;
        let id = u64::from_le_bytes(head[8..16].try_into().expect("eight bytes"));
        let size = u32::from_le_bytes(head[24..28].try_into().expect("four bytes"));
        let (private, rest) = rest.split_at_checked(size as usize)?;
        bytes = rest;
        let id = MIRACAST_CHUNK_ID { Value: id };
        Some((id.frame_number(), id.part_number(), private))
    })
}

/// `QueryMiracastDriverInterface` of a driver.
pub(crate) unsafe extern "system" fn query<F: Fake>(
    version: u32,
    size: u32,
    output: *mut c_void,
) -> NtStatus {
    if version != 1 {
        return NtStatus::NOT_SUPPORTED;
    }
    if (size as usize) < size_of::<MIRACAST_DRIVER_INTERFACE>() {
        return NtStatus::BUFFER_TOO_SMALL;
    }
    let interface = interface::<F>();
    // SAFETY: Windows lends `size` bytes, and that is enough.
    unsafe { output.cast::<MIRACAST_DRIVER_INTERFACE>().write(interface) };
    NtStatus::SUCCESS
}

pub(crate) fn interface<F: Fake>() -> MIRACAST_DRIVER_INTERFACE {
    MIRACAST_DRIVER_INTERFACE {
        Size: size_of::<MIRACAST_DRIVER_INTERFACE>() as u32,
        CreateMiracastContext: Some(create::<F>),
        DestroyMiracastContext: Some(destroy::<F>),
        StartMiracastSession: Some(start::<F>),
        StopMiracastSession: Some(stop::<F>),
        HandleKernelModeMessage: Some(message::<F>),
    }
}

unsafe extern "system" fn create<F: Fake>(
    handle: HANDLE,
    callbacks: *const MIRACAST_CALLBACKS,
    context: *mut PVOID,
) -> NtStatus {
    // SAFETY: Windows lends the structure for the time of this call.
    let callbacks = unsafe { callbacks.read() };
    CALLBACKS.get_or_init(|| callbacks);
    // SAFETY: Windows lends a pointer to write to.
    unsafe { context.write(handle) };
    F::create(os(handle))
}

unsafe extern "system" fn destroy<F: Fake>(context: PVOID) {
    F::destroy(os(context));
}

unsafe extern "system" fn start<F: Fake>(
    context: PVOID,
    socket: usize,
    _rates: *const MIRACAST_WFD_CONNECTION_STATS,
    info: *mut MIRACAST_SESSION_INFO,
) -> NtStatus {
    let (status, value) = F::start(os(context), socket);
    // SAFETY: Windows lends a structure to write to.
    unsafe { info.write(MIRACAST_SESSION_INFO { Value: value }) };
    status
}

unsafe extern "system" fn stop<F: Fake>(context: PVOID) {
    F::stop(os(context));
}

unsafe extern "system" fn message<F: Fake>(
    context: PVOID,
    input_size: u32,
    input: *const c_void,
    output_size: u32,
    output: *mut c_void,
    returned: *mut u32,
) -> NtStatus {
    // SAFETY: Windows lends so many bytes.
    let input = unsafe { core::slice::from_raw_parts(input.cast(), input_size as usize) };
    // SAFETY: Windows lends so many bytes, apart from the input.
    let output = unsafe { core::slice::from_raw_parts_mut(output.cast(), output_size as usize) };
    let (status, length) = F::message(os(context), input, output);
    // SAFETY: Windows lends a pointer to write to.
    unsafe { returned.write(length as u32) };
    status
}

unsafe extern "system" fn notice<F: Fake>(context: PVOID, stats: *const MIRACAST_DATARATE_STATS) {
    let stats = if stats.is_null() {
        None
    } else {
        // SAFETY: Windows lends the structure for the time of this call.
        Some(unsafe { stats.read() })
    };
    F::notice(os(context), stats);
}

fn os(context: PVOID) -> Os {
    Os {
        handle: context.addr(),
    }
}

/// A miniport that answers each request with its bytes in reverse.
#[derive(Default)]
pub(crate) struct Mirror {
    dxgk: Mutex<Option<DxgkCallbacks>>,
    requests: Mutex<Vec<Vec<u8>>>,
}

impl Mirror {
    pub(crate) fn dxgk(&self) -> DxgkCallbacks {
        let dxgk = self.dxgk.lock().unwrap_or_else(PoisonError::into_inner);
        dxgk.clone().expect("a context was created")
    }

    pub(crate) fn requests(&self) -> Vec<Vec<u8>> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.clone()
    }
}

impl Miniport for Mirror {
    fn create_context(&self, dxgk: DxgkCallbacks) -> Result<u32, NtStatus> {
        *self.dxgk.lock().unwrap_or_else(PoisonError::into_inner) = Some(dxgk);
        Ok(1)
    }

    fn io_control(&self, input: &[u8], output: &mut [u8]) -> (NtStatus, usize) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.push(input.to_vec());
        if output.len() < input.len() {
            return (NtStatus::BUFFER_TOO_SMALL, 0);
        }
        for (to, from) in output.iter_mut().zip(input.iter().rev()) {
            *to = *from;
        }
        (NtStatus::SUCCESS, input.len())
    }

    fn destroy_context(&self) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.push(b"destroyed".to_vec());
    }
}

/// A device of driver `F`, its miniport, and a sink's end of the RTSP connection.
pub(crate) struct Bench {
    pub(crate) device: Device,
    pub(crate) miniport: Arc<Mirror>,
}

impl Bench {
    pub(crate) fn new<F: Fake>() -> Self {
        Self::with::<F>(Options::default())
    }

    pub(crate) fn with<F: Fake>(options: Options) -> Self {
        let windows = Windows::load(query::<F>).expect("an interface");
        assert_eq!(windows.violations(), []);
        let miniport = Arc::new(Mirror::default());
        let device = windows
            .create_device_with(Arc::clone(&miniport) as Arc<dyn Miniport>, options)
            .expect("a context");
        Self { device, miniport }
    }

    /// Starts a session and returns the sink's end of the connection.
    pub(crate) fn start(&self) -> Result<TcpStream, NtStatus> {
        let (windows, sink) = connection();
        self.device.start(windows, ConnectionStats::default())?;
        Ok(sink)
    }

    /// A whole life: Start, Stop, Destroy.
    pub(crate) fn live(&self) {
        let _sink = self.start();
        self.device.stop();
        self.device.destroy();
    }

    /// The requirements that were broken, in order.
    pub(crate) fn broken(&self) -> Vec<&'static str> {
        let violations = self.device.violations();
        for violation in &violations {
            println!("{violation}");
        }
        violations
            .iter()
            .map(|violation| violation.requirement)
            .collect()
    }
}

pub(crate) fn connection() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a listener");
    let sink = TcpStream::connect(listener.local_addr().expect("bound")).expect("connected");
    (listener.accept().expect("accepted").0, sink)
}
