//! How the three parameters of video modes are written, and which mode each bit of them is.

/// One of the parameters.
#[derive(Debug)]
pub(super) struct Form {
    /// Its name.
    pub(super) name: &'static str,
    /// What M4 has before the profile: native and preferred mode, or native and the codec H.264.
    pub(super) before: &'static str,
    /// What M4 has behind the frame rate control.
    pub(super) after: &'static str,
    /// Words of M3 before the first tuple.
    pub(super) head: usize,
    /// Whether a tuple begins with its codec.
    pub(super) has_codec: bool,
    /// Digits of profile, level and the three masks.
    pub(super) widths: [usize; 5],
    /// The modes of the three masks by the number of their bit: first those that R1 has, too.
    modes: [[&'static str; 2]; 3],
}

/// S2.1 §6.1.3, §6.1.22 and MS-WFDPE §2.7.1.1.
pub(super) static FORMS: [Form; 3] = [
    Form {
        name: "wfd_video_formats",
        before: "00 00 ",
        after: " none none",
        head: 2,
        has_codec: false,
        widths: [2, 2, 8, 8, 8],
        modes: [[CEA, ""], [VESA, ""], [HH, ""]],
    },
    Form {
        name: "wfd2_video_formats",
        before: "00 01 ",
        after: " 00",
        head: 1,
        has_codec: true,
        widths: [2, 4, 12, 12, 12],
        modes: [[CEA, CEA_R2], [VESA, VESA_R2], [HH, ""]],
    },
    Form {
        name: "wfdx_video_formats",
        before: "0000 00 ",
        after: " none none",
        head: 2,
        has_codec: false,
        widths: [4, 4, 10, 10, 8],
        modes: [[CEA, CEA_WFDX], [VESA, VESA_WFDX], [HH, ""]],
    },
];

impl Form {
    /// The name of the mode of a bit, such as `1280x720p30`.
    pub(super) fn mode(&self, table: usize, bit: u32) -> Option<&'static str> {
        let names = self
            .modes
            .get(table)?
            .iter()
            .flat_map(|names| names.split(' '));
        let mut names = names.filter(|name| !name.is_empty());
        names.nth(bit as usize)
    }
}

/// S2.1 Table 34.
const CEA: &str = "640x480p60 720x480p60 720x480i60 720x576p50 720x576i50 1280x720p30 1280x720p60 \
                   1920x1080p30 1920x1080p60 1920x1080i60 1280x720p25 1280x720p50 1920x1080p25 \
                   1920x1080p50 1920x1080i50 1280x720p24 1920x1080p24";

/// S2.1 Table 35.
const VESA: &str = "800x600p30 800x600p60 1024x768p30 1024x768p60 1152x864p30 1152x864p60 \
                    1280x768p30 1280x768p60 1280x800p30 1280x800p60 1360x768p30 1360x768p60 \
                    1366x768p30 1366x768p60 1280x1024p30 1280x1024p60 1400x1050p30 1400x1050p60 \
                    1440x900p30 1440x900p60 1600x900p30 1600x900p60 1600x1200p30 1600x1200p60 \
                    1680x1024p30 1680x1024p60 1680x1050p30 1680x1050p60 1920x1200p30";

/// S2.1 Table 36.
const HH: &str = "800x480p30 800x480p60 854x480p30 854x480p60 864x480p30 864x480p60 640x360p30 \
                  640x360p60 960x540p30 960x540p60 848x480p30 848x480p60";

/// S2.1 Table 71, from bit 17 on.
const CEA_R2: &str = "3840x2160p24 3840x2160p25 3840x2160p30 3840x2160p50 3840x2160p60 \
                      4096x2160p24 4096x2160p25 4096x2160p30 4096x2160p50 4096x2160p60";

/// S2.1 Table 72, from bit 29 on.
const VESA_R2: &str = "1920x1200p60 2560x1440p30 2560x1440p60 2560x1600p30 2560x1600p60";

/// MS-WFDPE §2.7.1.1.1, from bit 17 on.
const CEA_WFDX: &str = "3840x2160p30 3840x2160p60 4096x2160p30 4096x2160p60 3840x2160p25 \
                        3840x2160p50 4096x2160p25 4096x2160p50 3840x2160p24 4096x2160p24";

/// MS-WFDPE §2.7.1.1.1, from bit 29 on.
const VESA_WFDX: &str = "2560x1440p30 2560x1440p60 2560x1600p30 2560x1600p60";
