//! The structures and the function pointers.

use core::mem::offset_of;

use super::kit;
use super::same::{Same, same, same_field};
use crate::ddi::abi;

/// Our structure has the size, the alignment and the fields of the kit's, and no fewer.
macro_rules! structure {
    ($ours:ident, $kit:ident { $($field:ident),* }) => {
        impl Same<kit::$kit> for abi::$ours {}
        const _: () = {
            size_and_alignment::<abi::$ours, kit::$kit>();
            $(
                assert!(offset_of!(abi::$ours, $field) == offset_of!(kit::$kit, $field));
                same_field(
                    |ours: &abi::$ours| &ours.$field,
                    |theirs: &kit::$kit| &theirs.$field,
                );
            )*
        };
        // A field of the kit's that is not named here is an error.
        const _: fn(kit::$kit) = |kit::$kit { $($field: _),* }| ();
    };
}

/// Ours is one word where the header has a union of bit fields and that word.
macro_rules! word {
    ($ours:ident, $kit:ident) => {
        impl Same<kit::$kit> for abi::$ours {}
        const _: () = {
            size_and_alignment::<abi::$ours, kit::$kit>();
            assert!(offset_of!(abi::$ours, Value) == offset_of!(kit::$kit, Value));
        };
    };
}

const fn size_and_alignment<Ours, Kit>() {
    assert!(size_of::<Ours>() == size_of::<Kit>());
    assert!(align_of::<Ours>() == align_of::<Kit>());
}

word!(MIRACAST_CHUNK_ID, MIRACAST_CHUNK_ID);
word!(MIRACAST_SESSION_INFO, MIRACAST_SESSION_INFO);
structure!(
    MIRACAST_CHUNK_INFO,
    MIRACAST_CHUNK_INFO {
        ChunkType,
        ChunkId,
        ProcessingTime,
        EncodeRate
    }
);
structure!(
    MIRACAST_CHUNK_DATA,
    MIRACAST_CHUNK_DATA {
        ChunkInfo,
        PrivateDriverDataSize,
        PrivateDriverData
    }
);
structure!(
    MIRACAST_DATARATE_STATS,
    MIRACAST_DATARATE_STATS {
        EncoderBitRate,
        CurrentMaxTxDataRate,
        TransmittedFrameCount,
        FailedFrameCount,
        RetriedFrameCount,
        MultipleRetryFrameCount
    }
);
structure!(
    MIRACAST_WFD_CONNECTION_STATS,
    MIRACAST_WFD_CONNECTION_STATS {
        CurrentBitRate,
        LocalMaxBitRate,
        RemoteMaxBitRate
    }
);
structure!(
    MIRACAST_CALLBACKS,
    MIRACAST_CALLBACKS {
        ReportSessionStatus,
        MiracastIoControl,
        ReportStatistic,
        GetNextChunkData,
        RegisterForDataRateNotifications
    }
);
structure!(
    MIRACAST_DRIVER_INTERFACE,
    MIRACAST_DRIVER_INTERFACE {
        Size,
        CreateMiracastContext,
        DestroyMiracastContext,
        StartMiracastSession,
        StopMiracastSession,
        HandleKernelModeMessage
    }
);

// What the miniport reports as a chunk is what Windows hands to the driver. The names are those of
// d3dukmdt.h, which d3dkmthk.h includes; they concern only this check and may be removed.
word!(MIRACAST_CHUNK_ID, DXGK_MIRACAST_CHUNK_ID);
structure!(
    MIRACAST_CHUNK_INFO,
    DXGK_MIRACAST_CHUNK_INFO {
        ChunkType,
        ChunkId,
        ProcessingTime,
        EncodeRate
    }
);

// The union in this one has no name in the header; bindgen numbers such types in their order.
impl Same<kit::MIRACAST_STATISTIC_DATA> for abi::MIRACAST_STATISTIC_DATA {}
const _: () = {
    use abi::MIRACAST_STATISTIC_DATA as Ours;
    use kit::MIRACAST_STATISTIC_DATA as Kit;

    size_and_alignment::<Ours, Kit>();
    assert!(offset_of!(Ours, StatisticType) == offset_of!(Kit, StatisticType));
    same_field(
        |ours: &Ours| &ours.StatisticType,
        |theirs: &Kit| &theirs.StatisticType,
    );
    let member = offset_of!(Ours, Member);
    assert!(member == offset_of!(Kit, __bindgen_anon_1.EncodeComplete.ChunkInfo));
    assert!(member == offset_of!(Kit, __bindgen_anon_1.ChunkSent.ChunkId));
    assert!(member == offset_of!(Kit, __bindgen_anon_1.ProtocolEvent.Event));
};

// The parameters that are pointers to these structures, and NULL where a function may be left out,
// are compared along with the functions.
const _: () = {
    same::<abi::HANDLE, wdk_sys::HANDLE>();
    same::<abi::PVOID, wdk_sys::PVOID>();
    same::<abi::BOOL, wdk_sys::BOOL>();
    same::<abi::NtStatus, wdk_sys::NTSTATUS>();
    same::<abi::SOCKET, kit::SOCKET>();
    same::<Option<abi::QUERY_MIRACAST_DRIVER_INTERFACE>, kit::QUERY_MIRACAST_DRIVER_INTERFACE>();
    same::<abi::PFN_DATARATE_NOTIFICATION, kit::PFN_DATARATE_NOTIFICATION>();
};
