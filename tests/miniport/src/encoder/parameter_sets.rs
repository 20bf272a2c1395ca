//! SPS and PPS of Constrained Baseline, written bit by bit, for the encoder that has no library.

use super::Settings;
use super::annex_b::with_start_code;

/// Bits in the order of H.264 §7.2, most significant first.
#[derive(Debug, Default)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    used: u8,
}

impl Bits {
    /// `u(count)`: the low `count` bits of `value`.
    pub(super) fn put(&mut self, value: u32, count: u8) {
        for bit in (0..count).rev() {
            if self.used == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((value >> bit & 1) as u8) << (7 - self.used);
            }
            self.used = (self.used + 1) % 8;
        }
    }

    /// `ue(v)` (H.264 §9.1). The values here are far below 2^31.
    pub(super) fn put_ue(&mut self, value: u32) {
        let code = value + 1;
        let length = (u32::BITS - code.leading_zeros()) as u8;
        self.put(0, length - 1);
        self.put(code, length);
    }

    /// The bytes so far; bits that are missing to a full byte are 0.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// `rbsp_trailing_bits`, then the NAL unit with its header and emulation prevention (§7.4.1).
    fn into_unit(mut self, header: u8) -> Vec<u8> {
        self.put(1, 1);
        let mut unit = vec![header];
        let mut zeros = 0;
        for byte in self.bytes {
            if zeros == 2 && byte <= 3 {
                unit.push(3);
                zeros = 0;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            unit.push(byte);
        }
        unit
    }
}

/// SPS and PPS for `settings` as a byte stream: CBP, one reference picture, no reordering.
pub(super) fn baseline(settings: &Settings) -> Vec<u8> {
    let mut stream = with_start_code(&sps(settings));
    stream.extend(with_start_code(&pps()));
    stream
}

/// `seq_parameter_set_rbsp` (H.264 §7.3.2.1.1).
fn sps(settings: &Settings) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(66, 8);
    // constraint_set0_flag and constraint_set1_flag: Constrained Baseline (H.264 §A.2.1.1).
    bits.put(0xC0, 8);
    bits.put(u32::from(settings.level_idc), 8);
    bits.put_ue(0); // seq_parameter_set_id
    bits.put_ue(12); // log2_max_frame_num_minus4
    bits.put_ue(2); // pic_order_cnt_type: output order is decoding order
    bits.put_ue(1); // max_num_ref_frames
    bits.put(0, 1); // gaps_in_frame_num_value_allowed_flag
    let (columns, rows) = (settings.width.div_ceil(16), settings.height.div_ceil(16));
    bits.put_ue(u32::from(columns.max(1)) - 1);
    bits.put_ue(u32::from(rows.max(1)) - 1);
    bits.put(0b11, 2); // frame_mbs_only_flag, direct_8x8_inference_flag
    crop(
        &mut bits,
        u32::from(columns) * 16 - u32::from(settings.width),
        u32::from(rows) * 16 - u32::from(settings.height),
    );
    vui(&mut bits);
    bits.into_unit(0x67)
}

/// Frame cropping in units of two luma pixels (4:2:0, H.264 §7.4.2.1.1).
fn crop(bits: &mut Bits, right: u32, bottom: u32) {
    let cropped = right + bottom > 0;
    bits.put(u32::from(cropped), 1);
    if cropped {
        for edge in [0, right / 2, 0, bottom / 2] {
            bits.put_ue(edge);
        }
    }
}

/// VUI with nothing but `bitstream_restriction` (H.264 §E.1.1): a decoder may show at once.
fn vui(bits: &mut Bits) {
    bits.put(1, 1); // vui_parameters_present_flag
    bits.put(0, 8); // aspect ratio .. pic_struct_present_flag: 8 flags, none set
    bits.put(0b11, 2); // bitstream_restriction_flag, motion_vectors_over_pic_boundaries_flag
    for value in [0, 0, 16, 16, 0, 1] {
        // max_bytes_per_pic_denom, max_bits_per_mb_denom, log2_max_mv_length_horizontal,
        // log2_max_mv_length_vertical, max_num_reorder_frames, max_dec_frame_buffering
        bits.put_ue(value);
    }
}

/// `pic_parameter_set_rbsp` (H.264 §7.3.2.2): CAVLC, one slice group, QP 26.
fn pps() -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put_ue(0); // pic_parameter_set_id
    bits.put_ue(0); // seq_parameter_set_id
    bits.put(0b00, 2); // entropy_coding_mode_flag, bottom_field_pic_order_in_frame_present_flag
    bits.put_ue(0); // num_slice_groups_minus1
    bits.put_ue(0); // num_ref_idx_l0_default_active_minus1
    bits.put_ue(0); // num_ref_idx_l1_default_active_minus1
    bits.put(0b000, 3); // weighted_pred_flag, weighted_bipred_idc
    for _ in 0..3 {
        bits.put_ue(0); // pic_init_qp_minus26, pic_init_qs_minus26, chroma_qp_index_offset: se(0)
    }
    bits.put(0b100, 3); // deblocking_filter_control_present_flag, constrained_intra_pred_flag, ..
    bits.into_unit(0x68)
}
