//! The quirks that show in whole messages and in their order. What is tolerated within a line is
//! noticed where it is read.

use core::net::Ipv4Addr;
use core::time::Duration;

use super::end::Asked;
use super::machine::Machine;
use crate::quirks::{Change, Fired, Identity, Quirk, recognise};
use crate::rtsp::{Headers, Method, Request, Status};
use crate::wfd::parameters::{Trigger, ask, lines};

impl Machine {
    /// Looks at a request before it is acted on.
    pub(super) fn notice_request(&mut self, request: &Request<'_>) {
        self.notice_headers(&request.headers);
        match request.method {
            Method::Options => self.notice_options(&request.headers),
            Method::Setup => {
                let local = self.start.map(|start| start.local);
                let other = !request.uri.is_empty() && !is_ours(request.uri, local);
                self.quirks.note_if(other, Quirk::Q2);
            }
            Method::Play | Method::Pause | Method::Teardown => {
                let missing = request.headers.session().is_none();
                self.quirks.note_if(missing, Quirk::Q7);
            }
            Method::GetParameter | Method::SetParameter => {
                self.quirks.note_if(request.body.is_empty(), Quirk::Q22);
            }
            Method::Other => {}
        }
    }

    fn notice_options(&mut self, headers: &Headers<'_>) {
        let (m1_answered, m2_came) = self.greeted;
        let first = !m2_came;
        self.quirks.note_if(!m1_answered || m2_came, Quirk::Q11);
        let odd_number = first && headers.cseq() != Some(1);
        self.quirks.note_if(odd_number, Quirk::Q10);
        let nameless = first && headers.get("User-Agent").is_none();
        self.quirks.note_if(nameless, Quirk::Q15);
    }

    /// Looks at the header of any message.
    pub(super) fn notice_headers(&mut self, headers: &Headers<'_>) {
        let odd_date = headers.get("Date").is_some_and(|date| !is_http_date(date));
        self.quirks.note_if(odd_date, Quirk::Q14);
        self.quirks |= recognise(Identity {
            user_agent: headers.get("User-Agent"),
            ..Identity::default()
        });
    }

    /// Looks at a refusal.
    pub(super) fn notice_refusal(&mut self, asked: Asked, status: Status) {
        let setup = asked == Asked::Trigger(Trigger::Setup);
        self.quirks.note_if(setup, Quirk::Q23);
        let formats = asked == Asked::Formats && status.0 == 303;
        self.quirks.note_if(formats, Quirk::Q24);
    }

    /// Looks at the names of an answer to M3.
    pub(super) fn notice_names(&mut self, body: &[u8]) {
        let abilities = self.abilities();
        let asked = |name: &str| ask(abilities).any(|asked| asked.eq_ignore_ascii_case(name));
        let unasked = lines(body).any(|line| !asked(line.name));
        self.quirks.note_if(unasked, Quirk::Q50);
    }

    /// What the sink has shown, and what the host assumes of it.
    pub(super) fn fired(&self) -> Fired {
        self.quirks | self.sink.quirks
    }

    /// The time that a quirk adds; `pick` takes it out of the change that is meant.
    pub(super) fn delay(&self, pick: fn(Change) -> Option<Duration>) -> Duration {
        self.fired()
            .changes()
            .filter_map(pick)
            .max()
            .unwrap_or(Duration::ZERO)
    }
}

/// Whether `uri` is the one that M4 gave, without port.
fn is_ours(uri: &str, local: Option<Ipv4Addr>) -> bool {
    let host = uri
        .strip_prefix("rtsp://")
        .and_then(|rest| rest.strip_suffix("/wfd1.0/streamid=0"));
    host.is_some_and(|host| host.parse().ok() == local && local.is_some())
}

/// Whether `date` has the form of HTTP (RFC 9110 §5.6.7): `Thu, 01 Jan 1970 00:00:00 GMT`.
fn is_http_date(date: &str) -> bool {
    const FORM: &[u8] = b"aaa, 00 aaa 0000 00:00:00 GMT";
    let fits = |(byte, form): (u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'a' => byte.is_ascii_alphabetic(),
        other => byte == *other,
    };
    date.len() == FORM.len() && date.bytes().zip(FORM).all(fits)
}
