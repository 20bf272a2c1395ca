//! Some of the pictures as the sink's decoder gave them.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use miracast_sink::decode::Picture;

use crate::session::Record;

/// The gallery; empty without a picture.
pub(super) fn of(record: &Record) -> String {
    let Some(decoded) = record.sink.decode.as_ref() else {
        return String::new();
    };
    let numbers = decoded
        .frames
        .iter()
        .map(|frame| (frame.unit, frame.counter));
    let numbers: HashMap<u64, Option<u32>> = numbers.collect();
    let figures: String = decoded
        .pictures
        .iter()
        .filter_map(|picture| {
            let number = numbers.get(&picture.unit).copied().flatten();
            figure(picture, number)
        })
        .collect();
    if figures.is_empty() {
        return figures;
    }
    format!("<div class=\"pictures\">\n{figures}</div>")
}

fn figure(picture: &Picture, number: Option<u32>) -> Option<String> {
    let image = STANDARD.encode(png(picture)?);
    let (width, height) = (picture.width, picture.height);
    let number = number.map_or_else(|| "not readable".to_owned(), |number| number.to_string());
    Some(format!(
        "<figure><img width=\"{width}\" height=\"{height}\" alt=\"decoded picture\" \
         src=\"data:image/png;base64,{image}\"><figcaption>picture {} of the stream; the number \
         drawn in it is {number}</figcaption></figure>\n",
        picture.unit
    ))
}

/// The picture as a PNG file; `None` if its size is none.
pub fn png(picture: &Picture) -> Option<Vec<u8>> {
    let mut file = Vec::new();
    let (width, height) = (
        picture.width.try_into().ok()?,
        picture.height.try_into().ok()?,
    );
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&picture.rgb).ok()?;
    writer.finish().ok()?;
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::{Picture, png};

    #[test]
    fn a_picture_survives_as_png() {
        let picture = Picture {
            unit: 0,
            width: 2,
            height: 1,
            rgb: vec![255, 0, 0, 1, 2, 3],
        };
        let file = png(&picture).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file))
            .read_info()
            .unwrap();
        let mut pixels = [0; 6];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels.to_vec(), picture.rgb);
        let empty = Picture {
            width: 0,
            ..picture
        };
        assert_eq!(png(&empty), None);
    }
}
