//! One context, call by call: whoever holds it decides what Windows calls next, and what everybody else
//! does between two calls.
//!
//! It keeps Windows' own promises and no more: one entry point at a time (DDI-38), messages and notices
//! only while a session runs (DDI-40). What the driver does is judged as in every simulation.

use core::time::Duration;

use miracast_kmd_iface::NtStatus;
use miracast_net::nanos;
use miracast_sink::machine::Settings;
use miracast_umd::engine::{Memory, Notice, Signal, Wake};
use miracast_umd::records::records;

use crate::fault::{Fault, Timed};
use crate::moments;
use crate::plan::Plan;
use crate::session::Session;
use crate::user::UserDeed;
use crate::windows::Inside;

/// Start returns in this time, unless something is late: M1, M2 and M3 have 5 s each.
const START_MAX: Duration = Duration::from_secs(16);

/// A context between CreateMiracastContext and DestroyMiracastContext.
#[derive(Debug)]
pub struct Calls<'m> {
    session: Session<'m>,
    plan: Plan,
}

impl<'m> Calls<'m> {
    /// CreateMiracastContext.
    ///
    /// # Errors
    /// What it returns.
    pub fn create(plan: &Plan, memory: &'m mut Memory) -> Result<Self, NtStatus> {
        Ok(Self {
            session: Session::create(plan, memory)?,
            plan: plan.clone(),
        })
    }

    /// StartMiracastSession with this sink, unless a session runs. Whether one runs then.
    pub fn start(&mut self, sink: &Settings, bit_rate: u64) -> bool {
        if self.runs() {
            return true;
        }
        self.plan.sink.clone_from(sink);
        self.plan.bit_rate = bit_rate;
        self.session.connect(&self.plan);
        self.session.start();
        let end = self.session.world.now + nanos(START_MAX);
        self.session
            .run_until(end, |session| session.wait().started.is_some());
        let started = self.session.wait().started;
        if started.is_none() && self.session.world.faults.is_calm() {
            let windows = &mut self.session.world.windows;
            windows.breach("DDI-17", "Start does not return");
        }
        if !matches!(started, Some(Ok(_))) {
            self.session.stop_at_once();
        }
        self.runs()
    }

    /// Whether a session runs: Start has returned, and Stop was not called.
    pub fn runs(&self) -> bool {
        self.session.world.windows.inside == Inside::Worker
    }

    /// Time passes.
    pub fn pass(&mut self, time: Duration) {
        let end = self.session.world.now + nanos(time);
        self.session.run_until(end, |_| false);
    }

    /// HandleKernelModeMessage.
    pub fn message(&mut self, bytes: &[u8]) {
        if let Some(notice) = moments::read(bytes) {
            self.notify(notice);
        }
    }

    /// The data-rate notification, if the driver has asked for it.
    pub fn rate(&mut self, rate: Option<u64>) {
        if self.session.world.windows.notices {
            self.notify(Notice::Rate(rate));
        }
    }

    fn notify(&mut self, notice: Notice) {
        if self.runs() {
            self.session.world.windows.post(notice);
            self.session.turn(Wake::Event(Signal::Inbox));
        }
    }

    /// `GetNextChunkData` returns these bytes.
    pub fn chunks(&mut self, bytes: &[u8]) {
        if self.runs() && !self.session.world.slots.failed {
            for record in records(bytes) {
                self.session.world.windows.hand_over(record.chunk_id);
            }
            self.session.turn(Wake::Chunks(bytes));
        }
    }

    /// `GetNextChunkData` says that chunks were lost.
    pub fn chunks_lost(&mut self) {
        if self.runs() && !self.session.world.slots.failed {
            self.session.turn(Wake::ChunksLost);
        }
    }

    /// The sink says this on the connection, whatever it has said so far.
    pub fn rtsp(&mut self, bytes: &[u8]) {
        if self.runs() && self.session.world.rtsp_end.is_none() {
            self.session.world.rtsp_in.extend(bytes);
            self.session.turn(Wake::Event(Signal::Rtsp));
        }
    }

    /// A datagram comes to the port of our reports.
    pub fn rtcp(&mut self, bytes: &[u8]) {
        if self.runs() && self.session.world.rtcp.open {
            self.session.world.rtcp.arrived.push_back(bytes.to_vec());
            self.session.turn(Wake::Event(Signal::Auxiliary));
        }
    }

    /// The sink's user does this.
    pub fn user(&mut self, deed: &UserDeed) {
        if self.runs() && self.session.world.input.apply(deed) {
            self.session.turn(Wake::Event(Signal::Auxiliary));
        }
    }

    /// This goes wrong from now on, for so long.
    pub fn fault(&mut self, fault: Fault, length: Duration) {
        let world = &mut self.session.world;
        let timed = Timed {
            after: Duration::ZERO,
            length,
            fault,
        };
        world.faults.add(&timed, world.now);
    }

    /// StopMiracastSession, if a session runs.
    pub fn stop(&mut self) {
        if self.runs() {
            self.session.stop();
        }
    }

    /// DestroyMiracastContext. What was breached.
    pub fn destroy(mut self) -> Vec<String> {
        self.stop();
        let world = &mut self.session.world;
        let left = world.miniport.stream().is_some() || world.miniport.sound().is_some();
        if left && world.faults.is_calm() {
            world
                .windows
                .breach("DDI-35", "a stream is open after Stop");
        }
        core::mem::take(&mut self.session.world.windows.violations)
    }
}
