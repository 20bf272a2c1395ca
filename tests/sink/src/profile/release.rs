//! Sinks of the second release of Wi-Fi Display, which take what R1 has no name for. Nothing is wrong
//! with them; they are no quirks.

use super::Deviation::Says;
use super::Profile;

/// The sound by the name that goes with `wfd2_video_formats` (S2.1 §6.4.4).
const SOUND: super::Deviation = Says("wfd2_audio_codecs", "LPCM 00000002 00");

/// Every one of them.
pub static R2_PROFILES: [Profile; 2] = [
    Profile {
        name: "R2-HEVC",
        does: "640x480p60 in H.264, everything above it up to 3840x2160p60 in H.265 alone",
        deviations: &[
            Says(
                "wfd_video_formats",
                "00 00 01 10 00000001 00000000 00000000 00 0000 0000 00 none none",
            ),
            Says(
                "wfd2_video_formats",
                "00 01 01 0010 000000000001 000000000000 000000000000 00 0000 0000 00, \
                 02 01 0010 0000003E01E2 000000000000 000000000000 00 0000 0000 00 00",
            ),
            SOUND,
        ],
    },
    Profile {
        name: "R2-4K60",
        does: "3840x2160p60 in H.264, in up to four slices of equal size",
        deviations: &[
            // 240x135 macroblocks, a quarter of which are 0x1FA4; no slice larger than another.
            Says(
                "wfd2_video_formats",
                "00 01 01 0080 000000200001 000000000000 000000000000 00 1FA4 0403 00 00",
            ),
            SOUND,
        ],
    },
];
