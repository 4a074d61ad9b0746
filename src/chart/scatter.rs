//! The scatter chart from its plain data to the SVG: check, scale, lay out, place the labels, draw.

use super::ChartError;
use super::axis::Scale;
use super::canvas::{Line, Page, document, unit};
use super::figure::{Drawing, Point, Scatter, Size};
use super::geometry::Rect;
use super::labels::Placed;
use super::layout::{self, Frame};
use super::marks::{Marker, Marks, Stairs, draw_axes, draw_key, drawn_fit};
use super::names::{Names, named};
use super::spoken::{description, remarks};
use super::text::{Fonts, clean};
use super::theme::{LEADER, PAPER, Theme};

/// Draws the chart. The same input gives the same bytes.
///
/// No label touches another label, a marker, a line or the edge of the plot. A label that finds no place becomes a number
/// with its name in a list below, for which the picture grows in height.
///
/// # Errors
/// [`ChartError::NoPoints`] for an empty chart; [`ChartError::NotDrawable`] for NaN, infinity or a negative error;
/// [`ChartError::NotPositive`] for a value at or below zero on a log axis.
pub fn scatter(chart: &Scatter, size: Size) -> Result<Drawing, ChartError> {
    check(chart)?;
    let fonts = Fonts::embedded()?;
    let theme = Theme::for_image(size, chart.points.len());
    let mut notes = Vec::new();
    let named = named(chart, &mut notes);
    let fit = drawn_fit(chart);
    let curve = || fit.iter().flat_map(|fit| &fit.points);
    let x = Scale::around(
        reach(&chart.points, chart.x.log, |p| (p.x, p.x_err)).chain(curve().map(|p| p.0)),
        chart.x.log,
    );
    let y = Scale::around(
        reach(&chart.points, chart.y.log, |p| (p.y, p.y_err)).chain(curve().map(|p| p.1)),
        chart.y.log,
    );
    let mut frame = layout::frame(chart, x, y, size, &theme, &fonts);

    let stairs = if chart.frontier {
        Stairs::of(chart, &frame.x, &frame.y)
    } else {
        None
    };
    if chart.frontier && stairs.is_none() {
        notes.push(
            "no frontier line: no point is on it, or an axis has no known direction".to_owned(),
        );
    }
    let markers = chart
        .points
        .iter()
        .map(|point| Marker::of(point, &frame, &theme))
        .collect();
    let marks = Marks {
        markers,
        stairs,
        fit,
    };
    let obstacles = marks.obstacles(&frame, &theme);
    let better = (chart.x.higher_is_better, chart.y.higher_is_better);
    let names = Names {
        fonts: &fonts,
        theme: &theme,
        marks: &marks,
        obstacles: &obstacles,
        better,
    };
    let (texts, leaders) = names.place(&named, &mut frame, &mut notes);
    missing(chart, &fonts, &mut notes);

    let svg = draw(chart, &frame, &theme, &marks, &texts, &leaders)?;
    Ok(Drawing { svg, notes })
}

fn check(chart: &Scatter) -> Result<(), ChartError> {
    if chart.points.is_empty() {
        return Err(ChartError::NoPoints);
    }
    for point in &chart.points {
        let Point {
            x, y, x_err, y_err, ..
        } = *point;
        let values = [
            ("x", Some(x)),
            ("y", Some(y)),
            ("x error", x_err),
            ("y error", y_err),
        ];
        for (what, value) in values
            .into_iter()
            .filter_map(|(what, value)| Some((what, value?)))
        {
            let length = what.ends_with("error");
            if !value.is_finite() || (length && value < 0.0) {
                return Err(ChartError::NotDrawable {
                    label: point.label.clone(),
                    what,
                    value,
                });
            }
        }
        for (axis, log, value) in [("x", chart.x.log, x), ("y", chart.y.log, y)] {
            if log && value <= 0.0 {
                return Err(ChartError::NotPositive {
                    label: point.label.clone(),
                    axis,
                    value,
                });
            }
        }
    }
    Ok(())
}

/// The values an axis must hold: the points and the ends of their error bars. A bar that falls to zero or below on a log
/// axis, or out of the number line, ends at the edge of the plot instead.
fn reach(
    points: &[Point],
    log: bool,
    of: impl Fn(&Point) -> (f64, Option<f64>),
) -> impl Iterator<Item = f64> {
    let ends = move |point: &Point| {
        let (value, error) = of(point);
        let error = error.unwrap_or(0.0);
        [value, value - error, value + error]
    };
    points
        .iter()
        .flat_map(ends)
        .filter(move |end| end.is_finite() && (!log || *end > 0.0))
}

fn missing(chart: &Scatter, fonts: &Fonts, notes: &mut Vec<String>) {
    let texts = [&chart.title, &chart.x.title, &chart.y.title]
        .into_iter()
        .chain(&chart.subtitle)
        .chain(&chart.caption);
    let texts = texts
        .chain(chart.fit.iter().map(|fit| &fit.note))
        .chain(chart.points.iter().map(|point| &point.label));
    for text in texts {
        let lost = fonts.drawable(text).1;
        if !lost.is_empty() {
            let lost: String = lost.into_iter().collect();
            notes.push(format!(
                "`{}`: the font has no glyph for `{lost}`; a box stands for each",
                clean(text)
            ));
        }
    }
}

fn draw(
    chart: &Scatter,
    frame: &Frame,
    theme: &Theme,
    marks: &Marks,
    texts: &[Line],
    places: &[Placed],
) -> Result<String, ChartError> {
    let mut body = String::new();
    let page = Page::new(&mut body, frame.width, frame.height);
    page.fill(PAPER)?;
    draw_axes(&page, frame)?;
    // The grid stops short of a label.
    for place in places {
        let Rect {
            left,
            top,
            right,
            bottom,
        } = place.bounds;
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        page.patch(corners.map(unit).to_vec(), PAPER)?;
    }
    let plane = page.plane(&frame.plot, frame.x.clone(), frame.y.clone());
    marks.draw(&plane, &page, frame, theme)?;
    for leader in places.iter().filter_map(|place| place.leader) {
        page.segment(leader.from, leader.to, 0.75, LEADER)?;
    }
    draw_key(
        &page,
        frame,
        theme,
        chart.fit.as_ref().is_some_and(|fit| fit.significant),
    )?;
    frame
        .lines
        .iter()
        .chain(texts)
        .try_for_each(|line| page.text(line))?;
    page.finish()?;
    drop((plane, page));
    let title = clean(&chart.title);
    let title = if title.is_empty() {
        "Scatter chart"
    } else {
        &title
    };
    Ok(document(
        &body,
        frame.width,
        frame.height,
        title,
        &description(chart),
        &remarks(chart, marks),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::seen::{cloud, collisions, point, see, seven, size};

    #[test]
    fn seven_labels_stand_beside_their_points_at_every_size() {
        for text in ["900x600", "640x400", "400x300"] {
            let drawing = scatter(&seven(), size(text)).unwrap();
            assert_eq!(
                (drawing.notes.clone(), collisions(&drawing)),
                (vec![], vec![]),
                "{text}"
            );
            let seen = see(&drawing.svg);
            assert_eq!(seen.leaders, 0, "{text}");
            for label in seven().points.iter().map(|point| &point.label) {
                assert!(
                    seen.texts.iter().any(|(text, _)| text.trim() == label),
                    "{label} at {text}"
                );
            }
        }
    }

    #[test]
    fn two_hundred_spread_labels_collide_with_nothing_and_nearly_all_are_placed() {
        let drawing = scatter(&cloud(200, false), size("1200x800")).unwrap();
        assert_eq!(collisions(&drawing), Vec::<String>::new());
        let listed = drawing
            .notes
            .first()
            .map_or(0, |note| note.split(' ').next().unwrap().parse().unwrap());
        assert!(listed <= 10, "{:?}", drawing.notes);
    }

    #[test]
    fn two_hundred_labels_in_six_clumps_collide_with_nothing_and_none_vanishes() {
        let chart = cloud(200, true);
        let drawing = scatter(&chart, size("1200x800")).unwrap();
        assert_eq!(collisions(&drawing), Vec::<String>::new());
        let texts: Vec<String> = see(&drawing.svg)
            .texts
            .into_iter()
            .map(|(text, _)| text)
            .collect();
        for label in chart.points.iter().map(|point| &point.label) {
            let shown = |text: &String| text == label || text.starts_with(&format!("{label} at "));
            assert!(texts.iter().any(shown), "{label}");
        }
    }

    #[test]
    fn error_bars_and_a_fit_are_kept_clear_too() {
        let mut chart = seven();
        for point in &mut chart.points {
            (point.x_err, point.y_err) = (Some(15.0), Some(1.5));
        }
        let samples = || (0..=60).map(|i| 400.0 + 10.0 * f64::from(i));
        chart.fit = Some(super::super::FitLine {
            points: samples().map(|x| (x, 50.0 - x / 100.0)).collect(),
            band: samples()
                .map(|x| (x, 40.0 - x / 100.0, 60.0 - x / 100.0))
                .collect(),
            significant: true,
            note: "OLS, n = 7, p = 0.4".to_owned(),
        });
        for text in ["900x600", "640x400", "400x300"] {
            assert_eq!(
                collisions(&scatter(&chart, size(text)).unwrap()),
                Vec::<String>::new(),
                "{text}"
            );
        }
    }

    #[test]
    fn one_point_and_equal_points_draw() {
        let mut chart = seven();
        chart.points.truncate(1);
        let one = scatter(&chart, Size::default()).unwrap();
        assert_eq!((one.notes.clone(), collisions(&one)), (vec![], vec![]));
        let mut chart = seven();
        chart
            .points
            .iter_mut()
            .for_each(|point| (point.x, point.y) = (500.0, 50.0));
        let equal = scatter(&chart, Size::default()).unwrap();
        assert_eq!((equal.notes.clone(), collisions(&equal)), (vec![], vec![]));
    }

    #[test]
    fn ten_thousand_points_name_the_frontier_only() {
        let chart = cloud(10_000, false);
        let drawing = scatter(&chart, Size::default()).unwrap();
        let frontier = chart
            .points
            .iter()
            .filter(|point| point.on_frontier)
            .count();
        let expected = format!(
            "{frontier} of 10000 points are named: over 400 points only highlighted and frontier points are"
        );
        assert_eq!(drawing.notes.first(), Some(&expected));
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        for chart in [seven(), cloud(200, true)] {
            assert_eq!(
                scatter(&chart, Size::default()),
                scatter(&chart, Size::default())
            );
        }
    }

    #[test]
    fn names_a_point_that_cannot_be_drawn() {
        assert_eq!(
            scatter(&Scatter::default(), Size::default()),
            Err(ChartError::NoPoints)
        );
        let broken = |change: fn(&mut Point)| {
            let mut chart = seven();
            change(&mut chart.points[6]);
            scatter(&chart, Size::default()).unwrap_err().to_string()
        };
        assert_eq!(
            broken(|p| p.x = 0.0),
            "point `Phi-2`: x is 0, and a log axis needs values above zero"
        );
        assert_eq!(
            broken(|p| p.y = f64::INFINITY),
            "point `Phi-2`: y is inf, which cannot be drawn"
        );
        assert_eq!(
            broken(|p| p.y_err = Some(-1.0)),
            "point `Phi-2`: y error is -1, which cannot be drawn"
        );
    }

    #[test]
    fn text_of_the_data_cannot_break_the_svg() {
        let mut chart = seven();
        chart.title = "a</title><script>\u{0}\u{1b}&\"'".to_owned();
        chart.points[0].label = "<b>&amp;\u{8}".to_owned();
        chart.points[1].label = "通义-مرحبا-שלום".to_owned();
        chart.points[2].label = "long ".repeat(100);
        let drawing = scatter(&chart, size("640x400")).unwrap();
        assert_eq!(collisions(&drawing), Vec::<String>::new());
        assert!(
            drawing
                .svg
                .contains("<title>a&lt;/title&gt;&lt;script&gt;&amp;\"'</title>")
        );
        assert!(
            drawing.svg.contains("&lt;b&gt;&amp;amp;")
                && !drawing.svg.contains(['\u{0}', '\u{8}', '\u{1b}'])
        );
        assert!(
            drawing.notes.contains(
                &"`通义-مرحبا-שלום`: the font has no glyph for `通义`; a box stands for each"
                    .to_owned()
            )
        );
    }

    #[test]
    fn every_direction_and_every_extreme_of_a_double_draws() {
        for (x, y) in [
            (Some(false), Some(true)),
            (Some(true), Some(false)),
            (Some(false), Some(false)),
            (None, Some(true)),
        ] {
            let mut chart = seven();
            (chart.x.higher_is_better, chart.y.higher_is_better) = (x, y);
            let drawing = scatter(&chart, Size::default()).unwrap();
            assert_eq!(collisions(&drawing), Vec::<String>::new(), "{x:?} {y:?}");
        }
        for (low, high) in [
            (f64::MIN, f64::MAX),
            (0.0, 5e-324),
            (-1e-300, 1e-300),
            (1e15, 1e15 + 1.0),
        ] {
            for text in ["200x200", "900x600"] {
                let mut chart = Scatter {
                    points: vec![point("low", low, low), point("high", high, high)],
                    ..Scatter::default()
                };
                chart.points[0].y_err = Some(f64::MAX);
                let drawing = scatter(&chart, size(text)).unwrap();
                assert!(
                    !drawing.svg.contains("NaN") && see(&drawing.svg).texts.len() > 2,
                    "{low} {high}"
                );
            }
        }
    }

    #[test]
    fn the_plot_has_two_thirds_of_the_image_and_nearly_half_of_a_thumbnail() {
        let fonts = Fonts::embedded().unwrap();
        let chart = seven();
        for (text, share) in [("900x600", 0.68), ("640x400", 0.65), ("400x300", 0.47)] {
            let (x, y) = (
                Scale::around([400.0, 1000.0].into_iter(), true),
                Scale::around([35.0, 54.5].into_iter(), false),
            );
            let frame = layout::frame(
                &chart,
                x,
                y,
                size(text),
                &Theme::for_image(size(text), 7),
                &fonts,
            );
            let got = frame.plot.width() * frame.plot.height() / (frame.width * frame.height);
            assert!(got >= share, "{text}: {got}");
        }
    }

    #[test]
    fn the_svg_is_text_at_its_nominal_size_with_a_description() {
        let svg = scatter(&seven(), Size::default()).unwrap().svg;
        assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"600\" viewBox=\"0 0 7200 4800\" role=\"img\">\n<title>Three of seven"));
        assert!(svg.contains("Phi-2 (600, 35)") && svg.contains("log scale, higher is better"));
        assert!(svg.contains("font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\""));
        assert!(
            see(&svg)
                .texts
                .iter()
                .any(|(text, _)| text.trim() == "better ↗")
        );
    }
}
