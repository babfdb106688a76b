//! A chart as PNG, for forms that cannot show SVG everywhere.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};

use crate::kernel::{Problem, Result};

static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for font in super::super::typesetting::FILES {
        fonts.load_font_source(Source::Binary(Arc::new(font)));
    }
    // What a picture asks for in vain is set in our font, too.
    fonts.set_sans_serif_family("BIZ UDPGothic");
    Arc::new(fonts)
});

/// A picture made of dots.
#[derive(Debug)]
pub struct Picture {
    /// The PNG file.
    pub png: Vec<u8>,
    /// Its width in dots.
    pub width: u32,
    /// Its height in dots.
    pub height: u32,
}

/// Draws one of our charts, one dot for each unit: about 190 dots per inch on paper.
///
/// # Errors
/// [`crate::kernel::Code::Internal`] for a defect of the chart.
pub fn draw(svg: &str) -> Result<Picture> {
    let options = Options {
        font_family: "BIZ UDPGothic".to_owned(),
        fontdb: FONTS.clone(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(Problem::internal)?;
    let size = tree.size().to_int_size();
    let (width, height) = (size.width(), size.height());
    let mut plane =
        Pixmap::new(width, height).ok_or_else(|| Problem::internal("a chart has no size"))?;
    // White paper: without it, dark words vanish on a dark screen.
    plane.fill(Color::WHITE);
    resvg::render(&tree, Transform::identity(), &mut plane.as_mut());
    let png = plane.encode_png().map_err(Problem::internal)?;
    Ok(Picture { png, width, height })
}
