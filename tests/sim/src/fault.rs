//! What can go wrong, as data: a [`Fault`] and when.
//!
//! Nothing here does anything: [`Injector`](crate::inject::Injector) says which faults are active, and the
//! parts of the simulator look at theirs.

use core::fmt;
use core::time::Duration;

use miracast_kmd_iface::{NtStatus, Opcode};
use miracast_miniport::peer::{BadSound, BadSpan};
use miracast_miniport::script::Action;
use miracast_sink::machine::Command;

/// A fault and when it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timed {
    /// Since StartMiracastSession was called.
    pub after: Duration,
    /// How long; what happens at one moment has no length.
    pub length: Duration,
    /// What.
    pub fault: Fault,
}

impl Timed {
    /// When it is over.
    pub fn end(&self) -> Duration {
        self.after + self.length
    }
}

impl fmt::Display for Timed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} for {:?}: {:?}",
            self.after, self.length, self.fault
        )
    }
}

/// A direction of the RTSP connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// What the driver sends.
    ToSink,
    /// What the sink sends.
    ToDriver,
}

/// What the miniport does with an escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The call fails; nothing is done.
    Fails(NtStatus),
    /// A refusal in form; nothing is done.
    Refuses(NtStatus),
    /// It is done, and the call fails all the same.
    DoneAndFails(NtStatus),
    /// The call succeeds without a byte of answer.
    Nothing,
    /// It is done, and the answer is bytes of chance.
    Noise,
    /// It is done, and the answer ends early.
    Cut,
    /// It is done, and the answer is that to another request.
    OtherSequence,
    /// It is done, and takes so long.
    Slow(Duration),
}

/// What is wrong with the records of a picture, or of a chunk of sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadRecord {
    /// They are lost, and nobody says so.
    Lost,
    /// One more, of a span that is not handed over yet.
    Beyond,
    /// One more, far behind what is released.
    Stale,
    /// One more, over the second half of the last one's span.
    Overlap,
    /// All of them twice.
    Twice,
    /// One more, of no bytes.
    Empty,
    /// One more, of another stream.
    OtherStream,
    /// One more, with flags that nobody knows.
    UnknownFlags,
    /// One more, shorter than a record is.
    Short,
    /// One more, whose private data is chance.
    Noise,
    /// One more, that says that it is longer than the buffer.
    TooLong,
    /// Half a record at the end.
    Tail,
    /// One more, without private data.
    NoData,
    /// The time of capture is 0.
    NoTime,
    /// The time of capture is an hour ahead.
    Future,
    /// Six hundred more, all stale: more than the driver keeps.
    Flood,
    /// None begins an access unit.
    NoStart,
    /// None ends an access unit.
    NoEnd,
    /// Each says that something before it was lost.
    Gap,
    /// Each is wrong about whether there is a delimiter.
    Delimiter,
    /// The miniport's position in the ring is ahead of all that can be.
    IndexAhead,
    /// The miniport's position in the ring went back.
    IndexBack,
}

impl BadRecord {
    /// Each of them.
    pub const ALL: [Self; 22] = [
        Self::Lost,
        Self::Beyond,
        Self::Stale,
        Self::Overlap,
        Self::Twice,
        Self::Empty,
        Self::OtherStream,
        Self::UnknownFlags,
        Self::Short,
        Self::Noise,
        Self::TooLong,
        Self::Tail,
        Self::NoData,
        Self::NoTime,
        Self::Future,
        Self::Flood,
        Self::NoStart,
        Self::NoEnd,
        Self::Gap,
        Self::Delimiter,
        Self::IndexAhead,
        Self::IndexBack,
    ];
}

/// What is wrong with a miniport all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// The ring of the pictures cannot be one.
    Ring(BadSpan),
    /// The ring of the sound cannot be one.
    SoundRing(BadSpan),
    /// Pictures and sound are numbered each for themselves.
    NumbersAlike,
    /// A chunk of sound is wrong.
    Sound(BadSound),
}

/// What the sink's user does on the input connection, or the sink on its report's port, whatever was agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// The connection of the input is made.
    Connect,
    /// The connection of the input is closed.
    Leave,
    /// Packets of input, by this seed: right ones, or with chance in them. The connection is made if there is
    /// none.
    Input(u64),
    /// A datagram to the port of reports, by this seed: chance in the form of a report, or without.
    Report(u64),
}

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The sink is this one, by the name of its profile. All the time.
    Sink(&'static str),
    /// Windows calls StopMiracastSession after so many turns of the engine.
    StopAtTurn(u32),
    /// The miniport has this bug. All the time.
    Miniport(Bug),

    /// What is sent comes in pieces of at most so many bytes, so far apart.
    Pieces {
        /// Which direction.
        way: Way,
        /// Bytes of a piece.
        bytes: usize,
        /// Time between two.
        every: Duration,
    },
    /// What is sent comes at the end, in one piece.
    Hold(Way),
    /// The connection is reset.
    Reset,
    /// The driver's socket takes so many bytes at once.
    Narrow(usize),
    /// The driver's socket has no room.
    Full,

    /// So many of a million datagrams are lost.
    Loss(u32),
    /// So many of a million datagrams come twice.
    Doubles(u32),
    /// So many of a million datagrams are overtaken.
    Overtaken(u32),
    /// The link carries nothing.
    Outage,
    /// The link carries so many bits a second.
    Bandwidth(u64),
    /// The media socket has no room.
    MediaFull,
    /// The media socket refuses every datagram.
    MediaRefused,
    /// The media socket takes so many datagrams at once.
    MediaRoom(usize),

    /// The miniport does this with one kind of escape.
    Escape(Opcode, Answer),
    /// The records of each picture have this wrong.
    Records(BadRecord),
    /// The records of each chunk of sound have this wrong.
    SoundRecords(BadRecord),
    /// Windows runs out of chunk slots: the records of this time are lost, and at its end the driver is
    /// told.
    ChunksLost,
    /// GetNextChunkData fails for good.
    ChunksFailed(NtStatus),

    /// A data-rate notice, in bit/s; `None` for NULL.
    Rate(Option<u64>),
    /// A message of the miniport.
    Message(Action),
    /// MODE_SET with the sequence number of another.
    OtherMode,
    /// So many bytes of chance, or a message with chance in it, by this seed.
    Malformed(u64),
    /// So many messages at once that the inbox has no room for them.
    Messages,

    /// The sink does this.
    Does(Command),
    /// The sink or its user does this, beside the RTSP connection.
    Aside(Aside),

    /// Deadlines are kept so much too late.
    Late(Duration),
    /// Nobody runs for so long: the machine slept.
    Jump(Duration),
}

impl Fault {
    /// Whether it happens at one moment; else it lasts.
    pub fn is_moment(&self) -> bool {
        matches!(
            self,
            Self::Reset
                | Self::ChunksFailed(_)
                | Self::Rate(_)
                | Self::Message(_)
                | Self::OtherMode
                | Self::Malformed(_)
                | Self::Messages
                | Self::Does(_)
                | Self::Aside(_)
                | Self::Jump(_)
        )
    }

    /// Whether datagrams may be lost on the way, so that what the sink sees first may be anything.
    pub(crate) fn loses_datagrams(&self) -> bool {
        matches!(
            self,
            Self::Loss(_)
                | Self::Doubles(_)
                | Self::Overtaken(_)
                | Self::Outage
                | Self::Bandwidth(_)
                | Self::MediaRefused
        )
    }

    /// Whether Windows holds it back until StartMiracastSession has returned (DDI-40).
    pub(crate) fn waits_for_worker(&self) -> bool {
        matches!(
            self,
            Self::ChunksFailed(_)
                | Self::Rate(_)
                | Self::Message(_)
                | Self::OtherMode
                | Self::Malformed(_)
                | Self::Messages
        )
    }
}
