//! What the finished scatter shows.

use super::*;
use crate::chart::seen::{cloud, collisions, fit, grouped, point, see, seven, size};

#[test]
fn seven_labels_stand_beside_their_points_at_every_size() {
    for text in ["900x600", "640x400", "400x300"] {
        let drawing = scatter(&seven(), size(text).into()).unwrap();
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
    let drawing = scatter(&cloud(200, false), size("1200x800").into()).unwrap();
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
    let drawing = scatter(&chart, size("1200x800").into()).unwrap();
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
    chart.fit = Some(fit(true));
    for text in ["900x600", "640x400", "400x300"] {
        assert_eq!(
            collisions(&scatter(&chart, size(text).into()).unwrap()),
            Vec::<String>::new(),
            "{text}"
        );
    }
}

#[test]
fn one_point_and_equal_points_draw() {
    let mut chart = seven();
    chart.points.truncate(1);
    let one = scatter(&chart, Paper::default()).unwrap();
    assert_eq!((one.notes.clone(), collisions(&one)), (vec![], vec![]));
    let mut chart = seven();
    chart
        .points
        .iter_mut()
        .for_each(|point| (point.x, point.y) = (500.0, 50.0));
    let equal = scatter(&chart, Paper::default()).unwrap();
    assert_eq!((equal.notes.clone(), collisions(&equal)), (vec![], vec![]));
}

#[test]
fn ten_thousand_points_name_the_frontier_only() {
    let chart = cloud(10_000, false);
    let drawing = scatter(&chart, Paper::default()).unwrap();
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
            scatter(&chart, Paper::default()),
            scatter(&chart, Paper::default())
        );
    }
}

#[test]
fn names_a_point_that_cannot_be_drawn() {
    assert_eq!(
        scatter(&Scatter::default(), Paper::default()),
        Err(ChartError::NoPoints)
    );
    let broken = |change: fn(&mut Point)| {
        let mut chart = seven();
        change(&mut chart.points[6]);
        scatter(&chart, Paper::default()).unwrap_err().to_string()
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
    let drawing = scatter(&chart, size("640x400").into()).unwrap();
    assert_eq!(collisions(&drawing), Vec::<String>::new());
    assert!(
        drawing
            .svg
            .contains("<title>a&lt;/title&gt;&lt;script&gt;&amp;&quot;'</title>")
    );
    assert!(
        drawing.svg.contains("&lt;b&gt;&amp;amp;")
            && !drawing.svg.contains(['\u{0}', '\u{8}', '\u{1b}'])
    );
    assert!(drawing.notes.contains(
        &"`通义-مرحبا-שלום`: the font has no glyph for `通义`; a box stands for each".to_owned()
    ));
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
        let drawing = scatter(&chart, Paper::default()).unwrap();
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
            let drawing = scatter(&chart, size(text).into()).unwrap();
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
    let points: Vec<&Point> = chart.points.iter().collect();
    for (text, share) in [("900x600", 0.68), ("640x400", 0.65), ("400x300", 0.47)] {
        let look = Look::on(size(text).into(), 7);
        let encoding = Encoding::of(&chart, &points);
        let texts = texts(&chart, &encoding, &points, &look, &fonts);
        let mut frame = Frame::around(&texts, size(text), 0.0, &look, &fonts);
        let (x, y) = scales(&chart, &points);
        let area = frame.plot(x, y, &look, &fonts).area;
        let got = area.width() * area.height() / (frame.width * frame.height);
        assert!(got >= share, "{text}: {got}");
    }
}

#[test]
fn the_svg_is_text_at_its_nominal_size_with_a_description() {
    let svg = scatter(&seven(), Paper::default()).unwrap().svg;
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

#[test]
fn dividing_lines_want_a_rule_and_a_size_is_above_zero() {
    let mut chart = seven();
    chart.quadrants = Some(Quadrants {
        x: 600.0,
        y: 45.5,
        rule: " ".to_owned(),
    });
    assert_eq!(scatter(&chart, Paper::default()), Err(ChartError::NoRule));
    let mut chart = grouped();
    chart.points[0].size = Some(0.0);
    assert_eq!(
        scatter(&chart, Paper::default()).unwrap_err().to_string(),
        "point `Qwen1.5-4B-Chat`: size is 0, which cannot be drawn"
    );
}

#[test]
fn a_point_says_who_it_is_and_where() {
    let svg = scatter(&grouped(), Paper::default()).unwrap().svg;
    let expected = "<g class=\"point highlighted\" data-label=\"Memory³-2B-SFT\" data-x=\"650\" data-y=\"47\" \
                    data-group=\"IAAR\" data-size=\"2.4\">\n<title>Memory³-2B-SFT\n\
                    decoding speed with retrieval (token/s): 650\n\
                    professional tasks with retrieval (avg score): 47\nIAAR</title>\n";
    assert!(svg.contains(expected), "{svg}");
    assert_eq!(svg.matches("<g class=\"point").count(), 7);
}

#[test]
fn a_name_of_two_hundred_characters_is_whole_in_the_tooltip_only() {
    let mut chart = seven();
    let name = format!("organisation/{}-end", "x".repeat(183));
    chart.points[3].label = name.clone();
    let drawing = scatter(&chart, Paper::default()).unwrap();
    assert_eq!(collisions(&drawing), Vec::<String>::new());
    assert!(drawing.svg.contains(&format!("<title>{name}\n")));
    assert!(
        see(&drawing.svg)
            .texts
            .iter()
            .all(|(text, _)| *text != name)
    );
    let [note] = &drawing.notes[..] else {
        panic!("{:?}", drawing.notes)
    };
    assert!(note.starts_with("label `organisation/x") && note.contains("is shortened to `organ"));
}

#[test]
fn areas_are_proportional_to_the_sizes() {
    let mut chart = grouped();
    chart.groups = None;
    chart.sizes = Some("parameters (10⁹)".to_owned());
    let svg = scatter(&chart, Paper::default()).unwrap().svg;
    let radius = |label: &str| -> f64 {
        let group = svg
            .split(&format!("data-label=\"{label}\""))
            .nth(1)
            .unwrap();
        let circle = group
            .split("</g>")
            .next()
            .unwrap()
            .split(" r=\"")
            .last()
            .unwrap();
        circle.split('"').next().unwrap().parse().unwrap()
    };
    let ratio = (radius("Llama2-7B-Chat") / radius("Qwen1.5-1.8B-Chat")).powi(2);
    assert!((ratio - 6.7 / 1.8).abs() < 0.1, "{ratio}");
    assert!(svg.contains("area, parameters (10⁹):") && svg.contains("not recorded"));
}

#[test]
fn every_axis_of_a_picture_has_three_numbers() {
    let fonts = Fonts::embedded().unwrap();
    let ranges = [
        (35.0, 61.0),
        (3.0, 900.0),
        (0.1, 0.9),
        (1e-3, 1e9),
        (7.0, 7.0),
        (5e4, 5.2e4),
    ];
    for (low, high) in ranges {
        for log in [false, true] {
            for text in ["900x600", "640x400", "400x300"] {
                let mut chart = seven();
                chart.points = vec![point("low", low, low), point("high", high, high)];
                (chart.x.log, chart.y.log) = (log, log);
                let points: Vec<&Point> = chart.points.iter().collect();
                let look = Look::on(size(text).into(), 2);
                let texts = texts(
                    &chart,
                    &Encoding::of(&chart, &points),
                    &points,
                    &look,
                    &fonts,
                );
                let mut frame = Frame::around(&texts, size(text), 0.0, &look, &fonts);
                let (x, y) = scales(&chart, &points);
                let plot = frame.plot(x, y, &look, &fonts);
                let across = plot.across_numbers(&look, &fonts, frame.width).len();
                let upward = plot.upward_numbers(&look).len();
                assert!(
                    across >= 3 && upward >= 3,
                    "{low} {high} {log} {text}: {across} {upward}"
                );
            }
        }
    }
}
