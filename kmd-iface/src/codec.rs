//! Bytes of a message to typed request and reply, and back; both ends, both directions.
//!
//! ```text
//!   asking side                                     answering side
//!   encode_request ---> header | request body ----> decode_request
//!                                                        | does it
//!   decode_reply   <--- header | reply body   <---- encode_reply
//!                  <--- header | field        <---- encode_refusal
//! ```
//!
//! For [`escape`](crate::escape) the driver asks, for [`message`](crate::message) the miniport.
//! Not here: what a request means, and in which order requests are allowed.

use crate::NtStatus;
use crate::escape::VersionRange;
use crate::field::{Field, Malformed, require};
use crate::header::{HEADER_SIZE, Header, MAGIC, MESSAGE_MAX, VERSION};
use crate::layout::wire_struct;
use crate::opcode::Opcode;
use crate::wire::{NoRoom, Reader, Wire, Writer};

/// The body of a message: a layout and the rules for its fields.
pub trait Body: Wire {
    /// Bytes of the oldest layout: a body that is as long is whole, and what has grown behind it reads
    /// as zeros.
    const SHORTEST: usize = Self::SIZE;

    /// Checks what can be said of the fields without knowing any state.
    ///
    /// # Errors
    ///
    /// The first field that is wrong.
    fn check(&self) -> Result<(), Malformed> {
        Ok(())
    }
}

/// A body that asks, and the body that answers it.
pub trait Request: Body {
    /// The opcode of both.
    const OPCODE: Opcode;
    /// The answer.
    type Reply: Body;
}

/// All requests that one side can receive: [`crate::escape::Escape`] at the miniport,
/// [`crate::message::Message`] at the driver.
pub trait RequestSet: Sized {
    /// Reads and checks the body of the request `opcode`.
    ///
    /// # Errors
    ///
    /// [`Field::OPCODE`] for an opcode that is not of this set; else the field that is wrong.
    fn read(opcode: Opcode, body: &mut Reader<'_>) -> Result<Self, Malformed>;
}

wire_struct! {
    /// The body of a reply that has nothing to say but its status.
    #[derive(Copy, Default)]
    pub struct Nothing: 0 {}
}

impl Body for Nothing {}

wire_struct! {
    /// The body of a refusal. The same in all versions.
    #[derive(Copy)]
    pub struct RefusalBody: 4 {
        /// The field that is wrong.
        field: Field = 0,
    }
}

/// The answer "no": why, and for which request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The sequence number of the request; 0 if its header could not be read.
    pub sequence: u32,
    /// The opcode of the request; [`Opcode::UNREADABLE`] if its header could not be read.
    pub opcode: Opcode,
    /// Why: an error.
    pub status: NtStatus,
    /// The field that is wrong, or [`Field::NONE`].
    pub field: Field,
}

impl Refusal {
    /// The refusal of a request that breaks its layout or the rules of a field.
    pub const fn malformed(sequence: u32, opcode: Opcode, malformed: Malformed) -> Self {
        Self {
            sequence,
            opcode,
            status: malformed.status(),
            field: malformed.field,
        }
    }
}

/// Why a reply brings no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyError {
    /// The buffer still holds the request: the other side has not answered.
    Unanswered,
    /// The other side said no.
    Refused {
        /// Why.
        status: NtStatus,
        /// The field of the request that is wrong, or [`Field::NONE`].
        field: Field,
    },
    /// The reply itself is wrong.
    Malformed(Malformed),
}

impl From<Malformed> for ReplyError {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl core::fmt::Display for ReplyError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Unanswered => f.write_str("the request was not answered"),
            Self::Refused { status, field } => write!(f, "refused with {status}, field {field}"),
            Self::Malformed(malformed) => write!(f, "malformed reply: {malformed}"),
        }
    }
}

impl core::error::Error for ReplyError {}

/// Writes a request and returns its size in bytes.
///
/// # Errors
///
/// [`NoRoom`] if `out` is too small; [`MESSAGE_MAX`] bytes are always enough.
pub fn encode_request<R: Request>(
    sequence: u32,
    request: &R,
    out: &mut [u8],
) -> Result<usize, NoRoom> {
    encode(R::OPCODE, sequence, NtStatus::PENDING, request, out)
}

/// Writes the reply to a request that succeeded and returns its size in bytes.
///
/// # Errors
///
/// [`NoRoom`] if `out` is too small; [`MESSAGE_MAX`] bytes are always enough.
pub fn encode_reply<R: Request>(
    sequence: u32,
    reply: &R::Reply,
    out: &mut [u8],
) -> Result<usize, NoRoom> {
    encode(R::OPCODE, sequence, NtStatus::SUCCESS, reply, out)
}

/// Writes a refusal and returns its size in bytes.
///
/// # Errors
///
/// [`NoRoom`] if `out` is too small; [`MESSAGE_MAX`] bytes are always enough.
pub fn encode_refusal(refusal: &Refusal, out: &mut [u8]) -> Result<usize, NoRoom> {
    let body = RefusalBody {
        field: refusal.field,
    };
    encode(refusal.opcode, refusal.sequence, refusal.status, &body, out)
}

fn encode<B: Wire>(
    opcode: Opcode,
    sequence: u32,
    status: NtStatus,
    body: &B,
    out: &mut [u8],
) -> Result<usize, NoRoom> {
    const {
        assert!(HEADER_SIZE + B::SIZE <= MESSAGE_MAX);
    }
    let header = Header {
        magic: MAGIC,
        version: VERSION,
        opcode,
        size: (HEADER_SIZE + B::SIZE) as u32,
        sequence,
        status,
    };
    let mut writer = Writer::new(out);
    header.write(&mut writer)?;
    body.write(&mut writer)?;
    Ok(writer.position())
}

/// Reads and checks a request: its sequence number and what it asks.
///
/// # Errors
///
/// The refusal to send back. It names the field; an unknown opcode is `STATUS_NOT_SUPPORTED`.
pub fn decode_request<S: RequestSet>(bytes: &[u8]) -> Result<(u32, S), Refusal> {
    let unreadable = |bad| Refusal::malformed(0, Opcode::UNREADABLE, bad);
    let header = Header::parse(bytes).map_err(unreadable)?;
    let refuse = |bad| Refusal::malformed(header.sequence, header.opcode, bad);
    let body = header.body(bytes).map_err(refuse)?;
    check_version(&header).map_err(refuse)?;
    require(header.status == NtStatus::PENDING, Field::STATUS).map_err(refuse)?;
    let request = S::read(header.opcode, &mut Reader::new(body)).map_err(refuse)?;
    Ok((header.sequence, request))
}

/// Reads and checks the reply to the request `R` with the number `sequence`.
///
/// # Errors
///
/// [`ReplyError::Unanswered`] if `bytes` is still the request, [`ReplyError::Refused`] if the other
/// side said no, [`ReplyError::Malformed`] if the reply is not one.
pub fn decode_reply<R: Request>(bytes: &[u8], sequence: u32) -> Result<R::Reply, ReplyError> {
    let header = Header::parse(bytes)?;
    let mut body = Reader::new(header.body(bytes)?);
    if header.opcode == Opcode::UNREADABLE && !header.status.is_success() {
        return Err(refused(header.status, &mut body));
    }
    require(header.opcode == R::OPCODE, Field::OPCODE)?;
    require(header.sequence == sequence, Field::SEQUENCE)?;
    if header.status == NtStatus::PENDING {
        return Err(ReplyError::Unanswered);
    }
    if !header.status.is_success() {
        return Err(refused(header.status, &mut body));
    }
    check_version(&header)?;
    Ok(read_body(&mut body)?)
}

/// Most bytes of a body that has grown.
const GROWN_MAX: usize = 64;

/// Reads and checks a body. Whether it is long enough comes first, so that a short one is blamed for
/// its size whatever its members say.
pub(crate) fn read_body<B: Body>(reader: &mut Reader<'_>) -> Result<B, Malformed> {
    require(reader.left() >= B::SHORTEST, Field::SIZE)?;
    let body = if B::SHORTEST < B::SIZE && reader.left() < B::SIZE {
        const { assert!(B::SHORTEST == B::SIZE || B::SIZE <= GROWN_MAX) };
        let mut grown = [0; GROWN_MAX];
        reader.rest_into(&mut grown);
        B::read(&mut Reader::new(&grown))?
    } else {
        B::read(reader)?
    };
    body.check()?;
    Ok(body)
}

/// A refusal without a body is as good as one that blames no field.
fn refused(status: NtStatus, body: &mut Reader<'_>) -> ReplyError {
    let field = RefusalBody::read(body).map_or(Field::NONE, |body| body.field);
    ReplyError::Refused { status, field }
}

/// HELLO has the same layout in all versions: two sides without a common version can say so.
fn check_version(header: &Header) -> Result<(), Malformed> {
    let readable =
        header.opcode == Opcode::HELLO || VersionRange::SUPPORTED.contains(header.version);
    require(readable, Field::VERSION)
}

/// Declares a [`RequestSet`]: an enum with one variant for each request.
macro_rules! request_set {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident,)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_meta])* $variant($variant),)*
        }

        impl $name {
            /// Every request of the set and its reply, in the order of the declaration.
            pub const OPERATIONS: &'static [$crate::shape::Operation] = &[$(
                $crate::shape::Operation {
                    opcode: <$variant as $crate::codec::Request>::OPCODE,
                    request: <$variant as $crate::wire::Wire>::SHAPE,
                    reply: <<$variant as $crate::codec::Request>::Reply as
                        $crate::wire::Wire>::SHAPE,
                },
            )*];

            /// The opcode of the request.
            pub const fn opcode(&self) -> $crate::opcode::Opcode {
                match self {
                    $(Self::$variant(_) => <$variant as $crate::codec::Request>::OPCODE,)*
                }
            }
        }

        impl $crate::codec::RequestSet for $name {
            fn read(
                opcode: $crate::opcode::Opcode,
                body: &mut $crate::wire::Reader<'_>,
            ) -> Result<Self, $crate::field::Malformed> {
                match opcode {
                    $(<$variant as $crate::codec::Request>::OPCODE => {
                        Ok(Self::$variant($crate::codec::read_body(body)?))
                    })*
                    _ => Err($crate::field::Malformed::new($crate::field::Field::OPCODE)),
                }
            }
        }
    };
}

pub(crate) use request_set;
