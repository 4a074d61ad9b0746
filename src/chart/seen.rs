//! What a finished SVG shows, for the tests of this folder: the ink of every text and the outline of every mark, measured by
//! the library that draws the PNG, and which of them touch. Also the sample charts.

use resvg::usvg::{self, Group, Node, Paint, Tree, tiny_skia_path::PathSegment};

use super::geometry::{Rect, Segment, distance};
use super::palette::{Colour, Palette};
use super::{
    Axis, Bar, Change, Drawing, FitLine, History, Leaderboard, Level, Point, Reading, Scatter,
    Series, Size, State, Theme,
};

/// What a finished SVG shows, measured by the library that draws the PNG: the ink of each text and the marks.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) texts: Vec<(String, Rect)>,
    lines: Vec<(Segment, f64)>,
    discs: Vec<((f64, f64), f64)>,
    pub(super) leaders: usize,
}

pub(super) fn see(svg: &str) -> Seen {
    let mut fonts = usvg::fontdb::Database::new();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.load_font_data(dejavu::sans::bold().to_vec());
    let options = usvg::Options {
        fontdb: std::sync::Arc::new(fonts),
        ..Default::default()
    };
    let tree = Tree::from_str(svg, &options).unwrap();
    let mut seen = Seen::default();
    walk(tree.root(), &mut seen);
    seen
}

fn walk(group: &Group, seen: &mut Seen) {
    for node in group.children() {
        match node {
            Node::Group(group) => walk(group, seen),
            Node::Text(text) => {
                let words: String = text.chunks().iter().map(|chunk| chunk.text()).collect();
                seen.texts
                    .push((words, rect(text.flattened().abs_bounding_box())));
            }
            Node::Path(path) => trace(path, seen),
            Node::Image(_) => {}
        }
    }
}

fn trace(path: &usvg::Path, seen: &mut Seen) {
    let paint = path
        .stroke()
        .map(|s| s.paint())
        .or(path.fill().map(|f| f.paint()));
    let Some(Paint::Color(colour)) = paint else {
        return;
    };
    let is = |pick: fn(&Palette) -> Colour| {
        [Theme::Light, Theme::Dark].into_iter().any(|theme| {
            let c = pick(Palette::of(theme));
            (colour.red, colour.green, colour.blue) == (c.0, c.1, c.2)
        })
    };
    let frame = rect(path.abs_stroke_bounding_box());
    if is(|p| p.grid) || (path.stroke().is_none() && (is(|p| p.band) || frame.width() > 100.0)) {
        return;
    }
    let segments: Vec<_> = path.data().segments().collect();
    if segments
        .iter()
        .any(|s| matches!(s, PathSegment::CubicTo(..) | PathSegment::QuadTo(..)))
    {
        seen.discs.push((
            (
                (frame.left + frame.right) / 2.0,
                (frame.top + frame.bottom) / 2.0,
            ),
            frame.width() / 2.0,
        ));
        return;
    }
    // Paper behind a label is no line.
    if path.stroke().is_none() && is(|p| p.paper) {
        return;
    }
    seen.leaders += usize::from(is(|p| p.leader));
    let scale = f64::from(path.abs_transform().sx);
    let width = path
        .stroke()
        .map_or(0.0, |s| f64::from(s.width().get()) * scale);
    let spots: Vec<_> = path
        .data()
        .points()
        .iter()
        .map(|p| (f64::from(p.x) * scale, f64::from(p.y) * scale))
        .collect();
    seen.lines.extend(spots.windows(2).map(|w| {
        (
            Segment {
                from: w[0],
                to: w[1],
            },
            width,
        )
    }));
}

fn rect(r: usvg::Rect) -> Rect {
    let [left, top, right, bottom] = [r.left(), r.top(), r.right(), r.bottom()].map(f64::from);
    Rect {
        left,
        top,
        right,
        bottom,
    }
}

/// Every pair of things that touch and must not.
pub(super) fn collisions(drawing: &Drawing) -> Vec<String> {
    let seen = see(&drawing.svg);
    let page: Vec<f64> = drawing
        .svg
        .split('"')
        .filter_map(|part| part.parse().ok())
        .take(2)
        .collect();
    let page = Rect {
        left: 0.0,
        top: 0.0,
        right: page[0],
        bottom: page[1],
    };
    let mut found = Vec::new();
    for (index, (text, ink)) in seen.texts.iter().enumerate() {
        if ink.left < page.left
            || ink.right > page.right
            || ink.top < page.top
            || ink.bottom > page.bottom
        {
            found.push(format!("`{text}` leaves the image: {ink:?}"));
        }
        for (other, ink_of_other) in seen.texts.iter().skip(index + 1) {
            if ink.meets(ink_of_other) {
                found.push(format!("`{text}` on `{other}`"));
            }
        }
        if seen
            .lines
            .iter()
            .any(|(line, width)| line.meets(&ink.grown(width / 2.0)))
        {
            found.push(format!("`{text}` on a line"));
        }
        if seen
            .discs
            .iter()
            .any(|&(centre, radius)| distance(ink.nearest(centre), centre) < radius)
        {
            found.push(format!("`{text}` on a marker"));
        }
    }
    found
}

pub(super) fn point(label: &str, x: f64, y: f64) -> Point {
    Point {
        label: label.to_owned(),
        x,
        y,
        ..Point::default()
    }
}

pub(super) fn seven() -> Scatter {
    let mut points: Vec<Point> = [
        ("Qwen1.5-4B-Chat", 550.0, 54.5),
        ("Qwen1.5-1.8B-Chat", 800.0, 48.0),
        ("Memory³-2B-SFT", 650.0, 47.0),
        ("MiniCPM-2B-SFT", 500.0, 45.5),
        ("Gemma-2B-it", 1000.0, 40.5),
        ("Llama2-7B-Chat", 400.0, 36.5),
        ("Phi-2", 600.0, 35.0),
    ]
    .map(|(label, x, y)| point(label, x, y))
    .to_vec();
    for index in [0, 1, 4] {
        points[index].on_frontier = true;
    }
    points[2].highlighted = true;
    let axis = |title: &str, log| Axis {
        title: title.to_owned(),
        log,
        higher_is_better: Some(true),
    };
    Scatter {
        title: "Three of seven models are on the frontier; Memory³ is just below it".to_owned(),
        subtitle: Some("Seven chat models with retrieval".to_owned()),
        caption: vec!["n = 7, values read off a figure; no uncertainty recorded".to_owned()],
        x: axis("decoding speed with retrieval (token/s)", true),
        y: axis("professional tasks with retrieval (avg score)", false),
        points,
        frontier: true,
        ..Scatter::default()
    }
}

/// `n` points by the additive recurrence of the plastic number (even cover), or in six clumps of it.
pub(super) fn cloud(n: u32, clumped: bool) -> Scatter {
    let spread = |i: u32| {
        (
            (0.5 + f64::from(i) * 0.754_877_666) % 1.0,
            (0.5 + f64::from(i) * 0.569_840_29) % 1.0,
        )
    };
    let mut chart = seven();
    chart.points = (0..n)
        .map(|i| {
            let ((cx, cy), (dx, dy)) = (spread(i % 6 + 1), spread(i));
            let (x, y) = if clumped {
                (cx + 0.12 * dx, cy + 0.12 * dy)
            } else {
                (dx, dy)
            };
            point(
                &format!(
                    "model-{i}{}",
                    ["", "-chat", "-7B", "-instruct"][i as usize % 4]
                ),
                10.0 * 50_f64.powf(x),
                20.0 + 60.0 * y,
            )
        })
        .collect();
    let all = chart.points.clone();
    for one in &mut chart.points {
        one.on_frontier = !all
            .iter()
            .any(|p| p.x >= one.x && p.y >= one.y && (p.x > one.x || p.y > one.y));
    }
    chart
}

pub(super) fn size(text: &str) -> Size {
    text.parse().unwrap()
}

/// A fit with its band through the range of [`seven`].
pub(super) fn fit(significant: bool) -> FitLine {
    let samples = || (0..=60).map(|i| 400.0 + 10.0 * f64::from(i));
    FitLine {
        points: samples().map(|x| (x, 50.0 - x / 100.0)).collect(),
        band: samples()
            .map(|x| (x, 40.0 - x / 100.0, 60.0 - x / 100.0))
            .collect(),
        significant,
        note: "OLS, n = 7, p = 0.4".to_owned(),
    }
}

/// Vendors and parameters for [`seven`], one of them not known.
pub(super) fn grouped() -> Scatter {
    let mut chart = seven();
    let facts = [
        ("Alibaba", Some(4.0)),
        ("Alibaba", Some(1.8)),
        ("IAAR", Some(2.4)),
        ("OpenBMB", Some(2.7)),
        ("Google", Some(2.5)),
        ("Meta", Some(6.7)),
        ("Microsoft", None),
    ];
    for (point, (vendor, size)) in chart.points.iter_mut().zip(facts) {
        (point.group, point.size) = (Some(vendor.to_owned()), size);
    }
    chart.groups = Some("vendor".to_owned());
    chart
}

/// A step down after a third, a step up near the end, a gap, and one reading that may be the start of more.
pub(super) fn series(name: &str, base: f64, at: impl Fn(u32) -> f64) -> Series {
    let level = |i: u32| base - if i >= 8 { 40.0 } else { 0.0 } + if i >= 20 { 22.0 } else { 0.0 };
    let change = |i, state, label: &str| Change {
        x: at(i),
        state,
        label: label.to_owned(),
    };
    let segment = |from, to| Level {
        from: at(from),
        to: at(to),
        y: level(from),
    };
    Series {
        name: name.to_owned(),
        readings: (0..24)
            .map(|i| Reading {
                label: format!("run {i}"),
                x: at(i),
                y: (i != 13).then(|| level(i) + f64::from(i * 7 % 11) - 5.0),
            })
            .collect(),
        changes: vec![
            change(8, State::Confirmed, "−8.0 %"),
            change(20, State::Possible, "+4.8 %"),
            change(23, State::Suspect, "newest"),
        ],
        levels: vec![segment(0, 7), segment(8, 19), segment(20, 23)],
    }
}

/// One series over the order of its runs.
pub(super) fn runs() -> History {
    History {
        title: "Decoding became 8 % slower at run 8".to_owned(),
        subtitle: Some("one model, eight threads".to_owned()),
        caption: vec!["n = 23".to_owned()],
        x: Axis {
            title: "run, oldest first".to_owned(),
            ..Axis::default()
        },
        time: false,
        y: Axis {
            title: "decoding speed (token/s)".to_owned(),
            log: false,
            higher_is_better: Some(true),
        },
        series: vec![series("aurora-7b", 500.0, f64::from)],
    }
}

/// Three series over days.
pub(super) fn days() -> History {
    let day = |i: u32| 1_700_000_000.0 + 86_400.0 * f64::from(i);
    let mut chart = runs();
    chart.time = true;
    chart.x.title = "day (UTC)".to_owned();
    chart.series = [
        ("aurora-7b", 500.0),
        ("borealis-2b", 600.0),
        ("cirrus-1b", 720.0),
    ]
    .map(|(name, base)| series(name, base, day))
    .to_vec();
    chart
}

/// The scores of [`seven`] with intervals and ties.
pub(super) fn board() -> Leaderboard {
    let ties = [1, 2, 2, 2, 3, 4, 4];
    let bars = seven().points.into_iter().zip(ties);
    Leaderboard {
        title: "One model leads; places 2 to 4 cannot be told apart".to_owned(),
        subtitle: Some("95 % intervals".to_owned()),
        caption: vec!["n = 7".to_owned()],
        value: seven().y,
        bars: bars
            .map(|(point, tie)| Bar {
                label: point.label,
                value: point.y,
                interval: Some((point.y - 1.8, point.y + 1.8)),
                tie: Some(tie),
                highlighted: point.highlighted,
            })
            .collect(),
    }
}
