use super::{Desktop, read_counter};

const SIZES: [(u16, u16); 4] = [(640, 360), (640, 480), (1366, 768), (1920, 1080)];

fn read(desktop: &mut Desktop, number: u32) -> Option<u32> {
    let canvas = desktop.paint(number);
    read_counter(
        canvas.luma(),
        canvas.width(),
        canvas.height(),
        canvas.width(),
    )
}

#[test]
fn the_counter_reads_back_at_every_size() {
    for (width, height) in SIZES {
        let mut desktop = Desktop::new(width, height);
        for number in [0, 1, 0x7FFF, 0x8000, 0xAAAA_5555, u32::MAX] {
            assert_eq!(
                read(&mut desktop, number),
                Some(number),
                "{width}x{height} #{number}"
            );
        }
    }
}

#[test]
fn a_picture_depends_on_its_number_only() {
    let mut forward = Desktop::new(640, 480);
    let mut other = Desktop::new(640, 480);
    for number in 0..50 {
        forward.paint(number);
    }
    let expected = other.paint(50);
    let canvas = forward.paint(50);
    assert_eq!(canvas.luma(), expected.luma());
    assert_eq!(canvas.cb(), expected.cb());
    assert_eq!(canvas.cr(), expected.cr());
}

#[test]
fn consecutive_pictures_differ_outside_the_counter() {
    let mut desktop = Desktop::new(640, 480);
    let before = desktop.paint(7).luma()[640 * 100..].to_vec();
    let after = &desktop.paint(8).luma()[640 * 100..];
    let changed = before.iter().zip(after).filter(|(a, b)| a != b).count();
    assert!(changed > 10_000, "only {changed} pixels moved");
}

#[test]
fn noise_of_a_coarse_quantiser_does_not_hurt() {
    let mut desktop = Desktop::new(1280, 720);
    let mut luma = desktop.paint(123_456).luma().to_vec();
    for (index, pixel) in luma.iter_mut().enumerate() {
        let noise = (index * 7919 % 41) as u8;
        *pixel = pixel.saturating_add(noise).saturating_sub(20);
    }
    assert_eq!(read_counter(&luma, 1280, 720, 1280), Some(123_456));
}

#[test]
fn a_torn_or_blank_picture_is_unreadable() {
    let mut desktop = Desktop::new(640, 480);
    let upper = desktop.paint(0x0001_FFFF).luma()[..640 * 32].to_vec();
    let lower = desktop.paint(0x0002_0000).luma()[640 * 32..].to_vec();
    let torn = [upper, lower].concat();
    assert_eq!(read_counter(&torn, 640, 480, 640), None);
    for grey in [0, 16, 128, 235, 255] {
        assert_eq!(
            read_counter(&vec![grey; 640 * 480], 640, 480, 640),
            None,
            "{grey}"
        );
    }
}

#[test]
fn sizes_that_do_not_fit_the_memory_are_refused() {
    let mut desktop = Desktop::new(640, 480);
    let luma = desktop.paint(5).luma().to_vec();
    assert_eq!(read_counter(&luma[..640 * 40], 640, 480, 640), None);
    assert_eq!(read_counter(&luma, 640, 480, usize::MAX), None);
    assert_eq!(read_counter(&luma, 64, 48, 64), None);
    assert_eq!(read_counter(&[], 0, 0, 0), None);
}
