//! What must hold for any offer of a sink and any encoder.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

prop_compose! {
    /// Often with bits that matter: uniform masks alone would rarely be small.
    fn codec()(
        profiles in prop_oneof![0_u8..4, any::<u8>()],
        levels in prop_oneof![Just(0x01), Just(0x04), Just(0x10), any::<u8>()],
        masks in prop::array::uniform3(prop_oneof![
            Just(0),
            any::<u32>(),
            (0_u32..32).prop_map(|bit| 1 << bit),
        ]),
        slices in prop_oneof![Just((0, 0)), (1_u16..4000, any::<u16>())],
        frame_rate_control: u8,
    ) -> VideoCodec {
        VideoCodec {
            profiles,
            levels,
            cea: masks[0],
            vesa: masks[1],
            hh: masks[2],
            min_slice_size: slices.0,
            slice_encoding: slices.1,
            frame_rate_control,
            ..VideoCodec::default()
        }
    }
}

prop_compose! {
    fn offer()(
        native: u8,
        codecs in prop::collection::vec(codec(), 0..=limits::VIDEO_CODECS_MAX),
    ) -> VideoFormats {
        VideoFormats { native, preferred_mode: false, codecs: codecs.into_iter().collect() }
    }
}

prop_compose! {
    fn encoder()(
        profiles in prop_oneof![Just(0x03), any::<u8>()],
        level_bit in 0_u8..10,
        size in (0_u16..4096, 0_u16..2304),
        max_macroblocks_per_second in 0_u32..600_000,
        max_bit_rate in 0_u64..20_000_000,
        max_slices in prop_oneof![0_u16..20, any::<u16>()],
        interlaced: bool,
    ) -> EncoderCapabilities {
        EncoderCapabilities {
            profiles,
            level_bit,
            max_width: size.0,
            max_height: size.1,
            max_macroblocks_per_second,
            max_bit_rate,
            max_slices,
            interlaced,
            hevc: None,
        }
    }
}

/// The tuple that M4 says, read back by the parser of M3.
fn announced(candidate: &Candidate) -> VideoCodec {
    let formats = formats(&value(candidate));
    assert_eq!((formats.native, formats.codecs.len()), (0, 1));
    formats.codecs[0]
}

/// Whether `m4` says no more than `codec` offers.
fn is_inside(m4: &VideoCodec, codec: &VideoCodec, candidate: &Candidate) -> bool {
    let part = |m4: u16, m3: u16, mask: u16| m4 & mask <= m3 & mask;
    codec.offers(candidate.mode)
        && codec.offers_profile(h264(candidate).0)
        && h264(candidate).1 <= codec.level()
        && [0, codec.min_slice_size].contains(&m4.min_slice_size)
        && part(m4.slice_encoding, codec.slice_encoding, VideoCodec::SLICES)
        && part(
            m4.slice_encoding,
            codec.slice_encoding,
            VideoCodec::SLICE_RATIO,
        )
        && m4.frame_rate_control & !codec.frame_rate_control == 0
}

proptest! {
    #[test]
    fn every_candidate_is_inside_the_offer(
        offer in offer(),
        encoder in encoder(),
        bit_rate in 0_u64..20_000_000,
    ) {
        for candidate in &select(&offer, &encoder, bit_rate).candidates {
            let m4 = announced(candidate);
            let modes = m4.cea.count_ones() + m4.vesa.count_ones() + m4.hh.count_ones();
            prop_assert_eq!((modes, m4.profiles.count_ones(), m4.levels.count_ones()), (1, 1, 1));
            prop_assert!(offer.codecs.iter().any(|codec| is_inside(&m4, codec, candidate)));
        }
    }

    #[test]
    fn every_candidate_can_be_encoded_and_decoded(
        offer in offer(),
        encoder in encoder(),
        bit_rate in 0_u64..20_000_000,
    ) {
        for candidate in &select(&offer, &encoder, bit_rate).candidates {
            let mode = modes::mode(candidate.mode).expect("a candidate is a mode");
            let (profile, level) = h264(candidate);
            prop_assert!(level.allows(mode));
            prop_assert!(level.bit() <= encoder.level_bit);
            prop_assert!(encoder.profiles & profile.mask() != 0);
            prop_assert!(mode.width <= encoder.max_width && mode.height <= encoder.max_height);
            prop_assert!(mode.macroblocks_per_second() <= encoder.max_macroblocks_per_second);
            prop_assert!(encoder.interlaced || !mode.interlaced);
            prop_assert!(candidate.bit_rate_floor <= bit_rate.min(encoder.max_bit_rate));
        }
    }

    #[test]
    fn slices_are_whole_and_large_enough(offer in offer(), encoder in encoder()) {
        for candidate in &select(&offer, &encoder, u64::MAX).candidates {
            let mode = modes::mode(candidate.mode).expect("a candidate is a mode");
            if candidate.slices_max == 1 {
                prop_assert_eq!((candidate.min_slice_size, candidate.slice_encoding), (0, 0));
            } else {
                let count = u32::from(candidate.slices_max);
                prop_assert!(candidate.slices_max <= encoder.max_slices);
                let written = candidate.slice_encoding & VideoCodec::SLICES;
                prop_assert_eq!(written, candidate.slices_max - 1);
                prop_assert_eq!(mode.macroblocks_per_frame() % count, 0);
                prop_assert!(candidate.min_slice_size > 0);
                let size = mode.macroblocks_per_frame() / count;
                prop_assert!(size >= u32::from(candidate.min_slice_size));
            }
        }
    }

    #[test]
    fn every_mode_of_the_sink_is_either_a_candidate_or_left_out(
        offer in offer(),
        encoder in encoder(),
        bit_rate in 0_u64..20_000_000,
    ) {
        let selection = select(&offer, &encoder, bit_rate);
        let offered: HashSet<_> =
            offer.codecs.iter().flat_map(VideoCodec::modes).map(|(id, _)| id).collect();
        let candidates = selection.candidates.iter().map(|candidate| candidate.mode);
        let left_out = selection.left_out.iter().map(|(id, _)| *id);
        let sorted: Vec<_> = candidates.chain(left_out).collect();
        prop_assert_eq!(sorted.len(), offered.len());
        prop_assert_eq!(sorted.into_iter().collect::<HashSet<_>>(), offered);
        let cut = selection.left_out.iter().any(|(_, reason)| *reason == Reason::Bandwidth);
        prop_assert_eq!(selection.reduced_by_bandwidth, cut);
    }

    #[test]
    fn the_native_mode_is_first_and_the_rest_is_in_order(offer in offer(), encoder in encoder()) {
        let selection = select(&offer, &encoder, u64::MAX);
        let mode = |id: &ModeId| *modes::mode(*id).expect("a candidate is a mode");
        let native = offer.native_mode().filter(|id| {
            let large = modes::all().any(|(id, mode)| {
                offer.offers(id) && mode.pixels() >= 1280 * 720
            });
            offer.native != 0
                && selection.candidate(*id).is_some()
                && (!large || mode(id).pixels() >= 1280 * 720)
        });
        let order: Vec<_> = selection.candidates.iter().map(|candidate| candidate.mode).collect();
        if let Some(native) = native {
            prop_assert_eq!(order[0], native);
        }
        let rest: Vec<_> = order.iter().filter(|id| native != Some(**id)).map(mode).collect();
        let rate = |mode: &Mode| u64::from(mode.pixels()) * u64::from(mode.frames_per_second());
        let worth = |mode: &Mode| (mode.frames_per_second() >= 30, mode.pixels());
        for (place, best) in rest.iter().enumerate() {
            let fastest = rest[place..].iter().map(rate).max().unwrap_or(0);
            let equals = |mode: &&Mode| rate(mode) * 100 >= fastest * 95;
            prop_assert!(equals(&best));
            prop_assert!(rest[place..].iter().filter(equals).all(|one| worth(one) <= worth(best)));
        }
    }

    #[test]
    fn more_bit_rate_never_loses_a_mode(
        offer in offer(),
        encoder in encoder(),
        rates in (0_u64..10_000_000, 0_u64..10_000_000),
    ) {
        let low = select(&offer, &encoder, rates.0);
        let high = select(&offer, &encoder, rates.0 + rates.1);
        for candidate in &low.candidates {
            prop_assert_eq!(high.candidate(candidate.mode), Some(candidate));
        }
        prop_assert!(high.sustains_floor || !low.sustains_floor);
    }
}
