//! The engine's world in the simulator: every call is a change of plain values.

use core::net::Ipv4Addr;

use miracast_core::session::Reason;
use miracast_core::trace::{Entry, What};
use miracast_kmd_iface::NtStatus;
use miracast_kmd_iface::codec;
use miracast_kmd_iface::escape::{Escape, StreamOpened};
use miracast_kmd_iface::ring::{Consumer, MapError};
use miracast_umd::engine::{Notice, SessionStatus, Shell, Statistic, Totals};
use miracast_umd::os::{OsError, Transfer};

use crate::network::Port;
use crate::ring;
use crate::windows::Inside;
use crate::world::World;

/// EPERM: what a firewall of the machine itself answers.
const NOT_PERMITTED: i32 = 1;

/// ECONNRESET.
pub(crate) const RESET: i32 = 104;

impl Shell for World {
    fn rtsp_send(&mut self, bytes: &[u8]) -> Transfer {
        if let Some(failed @ Transfer::Failed(_)) = self.rtsp_end {
            return failed;
        }
        if self.sink.closed {
            return Transfer::Closed;
        }
        let room = self.faults.rtsp_room(self.now).min(bytes.len());
        if room == 0 {
            return Transfer::WouldBlock;
        }
        self.digest.take(self.now, &bytes[..room]);
        self.network.to_sink.send(self.now, bytes[..room].to_vec());
        Transfer::Done(room)
    }

    fn rtsp_receive(&mut self, buffer: &mut [u8]) -> Transfer {
        if self.rtsp_in.is_empty() {
            return self.rtsp_end.unwrap_or(Transfer::WouldBlock);
        }
        let length = buffer.len().min(self.rtsp_in.len());
        for (to, from) in buffer.iter_mut().zip(self.rtsp_in.drain(..length)) {
            *to = from;
        }
        Transfer::Done(length)
    }

    fn media_connect(
        &mut self,
        _sink: Ipv4Addr,
        rtp: u16,
        rtcp: Option<u16>,
    ) -> Result<(), NtStatus> {
        self.media_socket.open = rtp != 0;
        self.rtcp.open = rtcp.is_some();
        Ok(())
    }

    fn media_send(&mut self, datagrams: &[u8], segment: usize) -> Transfer {
        if !self.media_socket.open {
            self.windows
                .breach("DDI-34", "media on a socket that is not open");
        }
        if !self.windows.reports.is_empty() {
            self.windows
                .breach("DDI-28", "media after the report of the end");
        }
        if self.watch.turn.encoder_started {
            self.windows
                .breach("clock", "media by a clock from before an encoder started");
        }
        let room = self.faults.media_room(self.now);
        if self.media_socket.refused || room.is_none() {
            return Transfer::Failed(OsError(NOT_PERMITTED));
        }
        if self.media_socket.is_full(self.now) {
            return Transfer::WouldBlock;
        }
        let room = room.unwrap_or(0).min(self.media_socket.room);
        let mut sent = 0;
        for datagram in datagrams.chunks(segment).take(room) {
            if !self.network.send(self.now, Port::Rtp, datagram) {
                break;
            }
            self.digest.take(self.now, datagram);
            self.windows.media_leaves(datagram);
            self.slices.leaves(datagram);
            sent += datagram.len();
            // The clock goes on in the middle of a turn.
            self.now += self.media_socket.time;
        }
        self.media_socket.left(self.now, sent.div_ceil(segment));
        if sent == 0 {
            Transfer::WouldBlock
        } else {
            Transfer::Done(sent)
        }
    }

    fn wakes_precisely(&self) -> bool {
        !self.coarse_timer
    }

    fn rtcp_send(&mut self, datagram: &[u8]) -> Transfer {
        if !self.rtcp.open {
            self.windows
                .breach("S2.1 §6.2.4", "RTCP to a sink that named no port");
        }
        if !self.network.send(self.now, Port::Rtcp, datagram) {
            return Transfer::WouldBlock;
        }
        self.digest.take(self.now, datagram);
        Transfer::Done(datagram.len())
    }

    fn rtcp_receive(&mut self, buffer: &mut [u8]) -> Transfer {
        let Some(datagram) = self.rtcp.arrived.pop_front() else {
            return Transfer::WouldBlock;
        };
        let length = datagram.len().min(buffer.len());
        buffer[..length].copy_from_slice(&datagram[..length]);
        Transfer::Done(length)
    }

    fn input_receive(&mut self, buffer: &mut [u8]) -> Transfer {
        self.input.receive(buffer)
    }

    fn input_disconnect(&mut self) {
        self.input.disconnect();
    }

    fn media_close(&mut self) {
        self.input.disconnect();
        self.media_socket.open = false;
    }

    fn escape(&mut self, request: &[u8], reply: &mut [u8]) -> Result<usize, NtStatus> {
        self.windows.callback("MiracastIoControl");
        if let Ok((_, request)) = codec::decode_request::<Escape>(request)
            && self.windows.inside == Inside::Start
            && matches!(request, Escape::MonitorArrive(_))
        {
            self.windows
                .breach("DDI-22", "monitor arrival inside Start");
        }
        self.answer(request, reply)
    }

    fn map_ring(&mut self, opened: &StreamOpened) -> Result<Consumer, MapError> {
        ring::map(opened)
    }

    fn report_status(&mut self, status: SessionStatus, cause: NtStatus) {
        self.windows.report(status, cause);
    }

    fn report_statistic(&mut self, statistic: Statistic) {
        self.windows.statistic(statistic);
    }

    fn register_rates(&mut self, on: bool) -> NtStatus {
        self.windows.register(on)
    }

    fn next_notice(&mut self) -> Option<Notice> {
        self.windows.take_notice()
    }

    /// The simulator reads the trace at the end.
    fn traced(&mut self, entry: &Entry, _: Option<&Reason>) {
        self.watch.told_end |= entry.what == What::Ended;
    }

    fn counted(&mut self, totals: &Totals) {
        if !self.watch.told_end {
            self.windows
                .breach("trace", "a session is counted before its end");
        }
        if self.watch.totals.replace(totals.clone()).is_some() {
            self.windows.breach("trace", "a session is counted twice");
        }
    }
}
