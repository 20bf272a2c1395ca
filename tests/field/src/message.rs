//! An RTSP message of the driver, as a sink reads it.

use anyhow::{Context as _, bail, ensure};

/// A whole message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The first line.
    pub start: String,
    /// The headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Message {
    /// Reads the one message that `bytes` are.
    ///
    /// # Errors
    /// If they are not exactly one message in the form that the driver writes.
    pub fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        let text = core::str::from_utf8(bytes)?;
        let (head, body) = text.split_once("\r\n\r\n").context("no end of header")?;
        let mut lines = head.split("\r\n");
        let start = lines.next().unwrap_or_default().to_owned();
        let headers = lines
            .map(|line| {
                let (name, value) = line.split_once(": ").context("no header")?;
                Ok((name.to_owned(), value.to_owned()))
            })
            .collect::<anyhow::Result<_>>()?;
        let message = Self {
            start,
            headers,
            body: body.to_owned(),
        };
        let stated = message.header("Content-Length").unwrap_or("0");
        ensure!(
            stated.parse() == Ok(body.len()),
            "Content-Length {stated} of {} bytes",
            body.len()
        );
        Ok(message)
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The number of the message.
    ///
    /// # Errors
    /// If it has none.
    pub fn cseq(&self) -> anyhow::Result<u32> {
        let cseq = self.header("CSeq").context("no CSeq")?;
        Ok(cseq.parse()?)
    }

    /// Which request of the driver it is; `None` for a reply.
    ///
    /// # Errors
    /// If it is a request that a source does not send.
    pub fn asks(&self) -> anyhow::Result<Option<Asks>> {
        let method = self.start.split(' ').next().unwrap_or_default();
        Ok(Some(match method {
            "RTSP/1.0" => return Ok(None),
            "OPTIONS" => Asks::M1,
            "GET_PARAMETER" if self.body.is_empty() => Asks::M16,
            "GET_PARAMETER" => Asks::M3,
            "SET_PARAMETER" => match self.body.strip_prefix("wfd_trigger_method: ") {
                Some("SETUP\r\n") => Asks::SetupTrigger,
                Some("TEARDOWN\r\n") => Asks::TeardownTrigger,
                Some(other) => bail!("trigger {other:?}"),
                None if self
                    .body
                    .starts_with("microsoft_latency_management_capability: ") =>
                {
                    Asks::Latency
                }
                None => Asks::M4,
            },
            other => bail!("a source does not ask {other}"),
        }))
    }

    /// The parameters of the body, in their order.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let lines = self.body.split_terminator("\r\n");
        lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }
}

/// A request of the driver, by the numbers of S2.1 §6.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// OPTIONS.
    M1,
    /// GET_PARAMETER with names.
    M3,
    /// SET_PARAMETER with formats.
    M4,
    /// SET_PARAMETER with the latency mode (MS-WFDPE §2.4.1.1).
    Latency,
    /// M5 SETUP.
    SetupTrigger,
    /// M5 TEARDOWN.
    TeardownTrigger,
    /// GET_PARAMETER without names.
    M16,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(text: &str) -> anyhow::Result<Option<Asks>> {
        Message::read(text.as_bytes())?.asks()
    }

    #[test]
    fn requests_are_told_apart_by_method_and_body() {
        let uri = "rtsp://localhost/wfd1.0 RTSP/1.0\r\nCSeq: 4\r\n";
        let with = |body: &str| format!("{uri}Content-Length: {}\r\n\r\n{body}", body.len());
        let asks = |method: &str, rest: &str| asks(&format!("{method} {rest}")).unwrap();
        assert_eq!(
            asks("GET_PARAMETER", &format!("{uri}\r\n")),
            Some(Asks::M16)
        );
        assert_eq!(asks("GET_PARAMETER", &with("wfd_x\r\n")), Some(Asks::M3));
        assert_eq!(asks("SET_PARAMETER", &with("wfd_x: 1\r\n")), Some(Asks::M4));
        let latency = with("microsoft_latency_management_capability: low\r\n");
        assert_eq!(asks("SET_PARAMETER", &latency), Some(Asks::Latency));
        let trigger = with("wfd_trigger_method: TEARDOWN\r\n");
        assert_eq!(asks("SET_PARAMETER", &trigger), Some(Asks::TeardownTrigger));
        assert_eq!(asks("RTSP/1.0", "200 OK\r\nCSeq: 4\r\n\r\n"), None);
    }

    #[test]
    fn what_is_not_one_whole_message_is_refused() {
        for text in [
            "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n",
            "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\nOPTIONS",
            "OPTIONS * RTSP/1.0\r\nCSeq:1\r\n\r\n",
            "PLAY * RTSP/1.0\r\nCSeq: 1\r\n\r\n",
        ] {
            assert!(asks(text).is_err(), "{text:?}");
        }
    }
}
