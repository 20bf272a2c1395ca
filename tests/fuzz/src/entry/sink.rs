//! The other end of the RTSP connection: answers some requests well, then says what it was given and closes,
//! so that nobody waits for it.

use core::net::Ipv4Addr;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread::JoinHandle;

use miracast_os::ledger;

/// From so many answers on the sink answers whatever it is asked, and stays.
const STAYS: u8 = 0x80;

/// Most that is said at a time while a session runs: less than a socket holds.
const SAID_MAX: usize = 4096;

const CAPABILITIES: &str = "wfd_video_formats: 00 00 02 04 0001FFFF 1FFFFFFF 00000FFF 00 0000 0000 00 none none\r\n\
    wfd_audio_codecs: LPCM 00000003 00\r\n\
    wfd_content_protection: none\r\n\
    wfd_display_edid: none\r\n\
    wfd_coupled_sink: none\r\n\
    wfd_uibc_capability: none\r\n\
    wfd_client_rtp_ports: RTP/AVP/UDP;unicast 19000 0 mode=play\r\n";

/// A sink, whose thread answers.
#[derive(Debug)]
pub(super) struct Sink {
    stream: TcpStream,
    thread: Option<JoinHandle<()>>,
}

impl Sink {
    /// The sink, and the driver's end of the connection. It answers so many requests well, says `says` and
    /// closes; from [`STAYS`] on it answers all and never closes.
    pub(super) fn connect(answers: u8, says: &[u8]) -> (Self, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let stream = TcpStream::connect(address).expect("a connection");
        let (driver, _) = listener.accept().expect("a connection");
        let (own, says) = (stream.try_clone().expect("a handle"), says.to_vec());
        let thread = ledger::spawn(move || {
            answer(&own, answers);
            if answers < STAYS {
                // The driver may have gone.
                let _ = (&own).write_all(&says);
                let _ = own.shutdown(Shutdown::Write);
            }
            // What the driver still says is read, so that its end closes in order.
            let _ = std::io::copy(&mut &own, &mut std::io::sink());
        });
        let thread = Some(thread);
        (Self { stream, thread }, driver)
    }

    /// Says this, whatever was said so far.
    pub(super) fn say(&mut self, bytes: &[u8]) {
        // It may have closed.
        let _ = self.stream.write_all(&bytes[..bytes.len().min(SAID_MAX)]);
    }

    /// Closes both ways.
    pub(super) fn close(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.close();
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the sink's thread");
        }
    }
}

/// Answers requests until the connection ends, or, below [`STAYS`], so many.
fn answer(mut stream: &TcpStream, answers: u8) {
    let (mut heard, mut left) = (Vec::new(), answers);
    let mut buffer = [0; 1024];
    while left > 0 {
        let Ok(length @ 1..) = stream.read(&mut buffer) else {
            return;
        };
        heard.extend_from_slice(&buffer[..length]);
        while let Some(end) = heard.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let message: Vec<u8> = heard.drain(..end + 4).collect();
            let Some(said) = reply(&String::from_utf8_lossy(&message)) else {
                continue;
            };
            // The connection may have ended; the next read finds that out.
            let _ = stream.write_all(said.as_bytes());
            left -= u8::from(answers < STAYS);
            if left == 0 {
                return;
            }
        }
    }
}

/// What is said to a request; nothing to an answer, or to what is left of a body.
fn reply(request: &str) -> Option<String> {
    let number = request.split("CSeq: ").nth(1)?.lines().next()?;
    let done = format!("RTSP/1.0 200 OK\r\nCSeq: {number}\r\n");
    match request.split(' ').next()? {
        // M1 is followed by M2 (S2.1 §6.2).
        "OPTIONS" => Some(format!(
            "{done}Public: org.wfa.wfd1.0, GET_PARAMETER, SET_PARAMETER\r\n\r\n\
             OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nRequire: org.wfa.wfd1.0\r\n\r\n"
        )),
        "GET_PARAMETER" if request.contains("Content-Length") => {
            let length = CAPABILITIES.len();
            let kind = "Content-Type: text/parameters";
            Some(format!(
                "{done}{kind}\r\nContent-Length: {length}\r\n\r\n{CAPABILITIES}"
            ))
        }
        "GET_PARAMETER" | "SET_PARAMETER" => Some(format!("{done}\r\n")),
        _ => None,
    }
}
