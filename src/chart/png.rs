//! The same SVG as PNG. Only the embedded fonts are known here, so the picture is the same on every machine.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::ChartError;

/// Longest side of a PNG in pixels.
const LONGEST: u32 = 16_384;
const EMBEDDED: &str = "DejaVu Sans";

/// Renders an SVG of this folder; `scale` 1 gives one pixel for each CSS pixel.
///
/// # Errors
/// [`ChartError::Svg`] when the text is not SVG; [`ChartError::Scale`] when a side would be empty or longer than 16 384 pixels;
/// [`ChartError::Png`] when the encoder fails.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, ChartError> {
    let options = Options {
        font_family: EMBEDDED.to_owned(),
        fontdb: Arc::new(fonts(svg)),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|error| ChartError::Svg(error.to_string()))?;
    let (width, height) = (tree.size().width() * scale, tree.size().height() * scale);
    let refused = || ChartError::Scale {
        scale,
        width,
        height,
        max: LONGEST,
    };
    let (columns, rows) = (
        side(width).ok_or_else(refused)?,
        side(height).ok_or_else(refused)?,
    );
    let mut pixels = Pixmap::new(columns, rows).ok_or_else(refused)?;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixels.as_mut(),
    );
    pixels
        .encode_png()
        .map_err(|error| ChartError::Png(error.to_string()))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be a small positive number"
)]
fn side(pixels: f32) -> Option<u32> {
    let whole = pixels.round();
    (whole >= 1.0 && whole <= LONGEST as f32).then_some(whole as u32)
}

/// The regular face, and the bold one where the picture has bold text; every generic family is the embedded one.
fn fonts(svg: &str) -> fontdb::Database {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_source(fontdb::Source::Binary(Arc::new(dejavu::sans::regular())));
    if svg.contains("bold") {
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(dejavu::sans::bold())));
    }
    fonts.set_sans_serif_family(EMBEDDED);
    fonts.set_serif_family(EMBEDDED);
    fonts.set_monospace_family(EMBEDDED);
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><rect width="3" height="2" fill="#f00"/></svg>"##;

    #[test]
    fn draws_the_colours_of_the_svg_at_the_scale() {
        let pixels = Pixmap::decode_png(&png(RED, 2.0).unwrap()).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (6, 4));
        assert!(
            pixels
                .pixels()
                .iter()
                .all(|p| (p.red(), p.green(), p.blue(), p.alpha()) == (255, 0, 0, 255))
        );
    }

    #[test]
    fn refuses_what_is_not_svg() {
        for text in ["", "no", "<svg", "<html/>"] {
            assert!(matches!(png(text, 1.0), Err(ChartError::Svg(_))), "{text}");
        }
    }

    #[test]
    fn refuses_a_scale_without_a_pixel_or_with_too_many() {
        for scale in [0.0, -1.0, 0.1, 1e9, f32::NAN, f32::INFINITY] {
            assert!(
                matches!(png(RED, scale), Err(ChartError::Scale { .. })),
                "{scale}"
            );
        }
    }
}
