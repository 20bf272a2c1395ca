//! The engine's world in the simulator: every call is a change of plain values.

use core::net::Ipv4Addr;

use miracast_core::session::Reason;
use miracast_core::trace::Entry;
use miracast_kmd_iface::NtStatus;
use miracast_kmd_iface::codec;
use miracast_kmd_iface::escape::{Escape, StreamOpened};
use miracast_kmd_iface::ring::{Consumer, MapError};
use miracast_umd::engine::{Notice, SessionStatus, Shell, Statistic};
use miracast_umd::os::{OsError, Transfer};

use crate::network::Port;
use crate::ring;
use crate::windows::Inside;
use crate::world::World;

/// EPERM: what a firewall of the machine itself answers.
const NOT_PERMITTED: i32 = 1;

impl Shell for World {
    fn rtsp_send(&mut self, bytes: &[u8]) -> Transfer {
        if self.sink.closed {
            return Transfer::Closed;
        }
        self.digest.take(self.now, bytes);
        let message = bytes.to_vec();
        self.network.to_sink.send(self.now, bytes.len(), message);
        Transfer::Done(bytes.len())
    }

    fn rtsp_receive(&mut self, buffer: &mut [u8]) -> Transfer {
        if self.rtsp_in.is_empty() {
            return if self.rtsp_closed {
                Transfer::Closed
            } else {
                Transfer::WouldBlock
            };
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
        if self.media_socket.refused {
            return Transfer::Failed(OsError(NOT_PERMITTED));
        }
        if self.media_socket.is_full(self.now) {
            return Transfer::WouldBlock;
        }
        let mut sent = 0;
        for datagram in datagrams.chunks(segment).take(self.media_socket.room) {
            if !self.network.send(self.now, Port::Rtp, datagram) {
                break;
            }
            self.digest.take(self.now, datagram);
            sent += datagram.len();
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
        let (status, length) = self.miniport.io_control(request, reply);
        self.miniport_events();
        if status.is_success() {
            Ok(length)
        } else {
            Err(status)
        }
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
        self.windows.inbox.pop_front()
    }

    /// The simulator reads the trace at the end.
    fn traced(&mut self, _: &Entry, _: Option<&Reason>) {}
}
