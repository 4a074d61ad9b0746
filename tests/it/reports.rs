//! One document in four formats, and names that stay names in each.

use pulldown_cmark::{Event, Options, Parser, Tag};
use tradeoff::output::text::visible;
use tradeoff::query::Parameter;
use tradeoff::report::{
    BEGIN, Chart, Column, Document, END, Provenance, Section, Statement, Table, csv, html, json,
    markdown, markdown_part, splice,
};

use super::harness::snapshot;
use super::hostile_names::HOSTILE;
use super::sample;

/// A document that has `name` wherever a document has a text.
fn everywhere(name: &str) -> Document {
    let mut section = Section::new(name);
    section.text(Statement::from(name).with("test", name));
    section.list(vec![name]);
    let table = Table {
        columns: vec![Column::from(name), Column::number("n", Some(name))],
        rows: vec![vec![name.into(), 1.5.into()]],
        ..Table::default()
    };
    section.push(table.captioned(name).from_query(Provenance {
        name: name.into(),
        sql: format!("SELECT {name}"),
        parameters: vec![("name".into(), name.into())],
    }));
    section.push(Chart {
        svg: "<svg xmlns=\"http://www.w3.org/2000/svg\"><circle r=\"1\"/></svg>".into(),
        file: Some("chart.svg".into()),
        description: name.into(),
        caption: Some(name.into()),
    });
    Document {
        title: name.into(),
        subtitle: Some(name.into()),
        sections: vec![section],
    }
}

/// What a browser makes of a page: its tags as written, and its text between them.
fn parts(page: &str) -> (Vec<&str>, Vec<String>) {
    let (mut tags, mut texts) = (Vec::new(), Vec::new());
    for piece in page.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        tags.push(tag);
        texts.push(decoded(text));
    }
    (tags, texts)
}

fn decoded(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&quot;", "\"").replace("&amp;", "&")
}

/// The page without its style and script, which are the same in every page.
fn body(page: &str) -> String {
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (rest, tail) = rest.split_once("<script>").unwrap();
    format!("{head}{rest}{}", tail.split_once("</script>").unwrap().1)
}

/// A tag with its attributes' values left out.
fn shape(tag: &str) -> String {
    let parts: Vec<&str> = tag.split('"').step_by(2).collect();
    parts.join("\"\"")
}

#[test]
fn a_hostile_name_is_text_in_html_and_adds_no_tag() {
    let plain = body(&html(&everywhere("plain")));
    let shapes: Vec<String> = parts(&plain).0.into_iter().map(shape).collect();
    for name in HOSTILE {
        let page = body(&html(&everywhere(name)));
        let (tags, texts) = parts(&page);
        let own: Vec<String> = tags.iter().copied().map(shape).collect();
        assert_eq!(own, shapes, "{name:?}");
        let shown = visible(name);
        // A parameter is quoted where the command line would take it for something else.
        let bare = usize::from(Parameter::text(&name.into()) == name);
        // The title of the page and of the report, its subtitle, the section, a paragraph, an item, a caption, a
        // heading, a unit, a cell, the query and the caption of the chart.
        let found = texts.iter().filter(|text| **text == shown).count();
        assert_eq!(found, 11 + bare, "{name:?} as {shown:?}");
        assert!(
            !page.contains(|c: char| c.is_control() && c != '\n' && c != '\t'),
            "{name:?}"
        );
    }
}

#[test]
fn a_page_names_no_address_and_runs_nothing_but_its_script() {
    let page = html(&sample::report());
    let body = body(&page);
    let (tags, _) = parts(&body);
    for tag in tags {
        let values = tag.split('"').skip(1).step_by(2);
        for (name, value) in shape(tag).split("=\"\"").map(str::to_owned).zip(values) {
            let name = name.rsplit(' ').next().unwrap().to_owned();
            assert!(!name.starts_with("on") && name != "style", "{tag}");
            if matches!(name.as_str(), "href" | "src" | "xlink:href" | "action") {
                assert!(
                    value.starts_with('#') || value.starts_with("data:image/svg+xml;base64,"),
                    "{tag}"
                );
            }
        }
    }
    assert_eq!(page.matches("<svg role=\"img\"").count(), 2);
}

/// The events of Markdown as GitHub reads it.
fn events(text: &str) -> Vec<Event<'_>> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH;
    Parser::new_ext(text, options).collect()
}

#[test]
fn a_hostile_name_is_text_in_markdown_and_starts_nothing() {
    for name in HOSTILE {
        let document = everywhere(name);
        let text = markdown(&document);
        let line = name.replace("\r\n", " ").replace(['\n', '\r'], " ");
        let shown = visible(line.trim()).into_owned();
        let (mut starts, mut blocks) = (0, vec![String::new()]);
        for event in events(&text) {
            match event {
                Event::Start(tag) => {
                    let known = matches!(
                        tag,
                        Tag::Paragraph
                            | Tag::Heading { .. }
                            | Tag::List(None)
                            | Tag::Item
                            | Tag::Table(_)
                            | Tag::TableHead
                            | Tag::TableRow
                            | Tag::TableCell
                            | Tag::CodeBlock(_)
                            | Tag::Image { .. }
                    );
                    assert!(known, "{name:?}: {tag:?}\n{text}");
                    starts += 1;
                    blocks.push(String::new());
                }
                Event::Text(piece) => blocks.last_mut().unwrap().push_str(&piece),
                Event::End(_) => {}
                other => panic!("{name:?}: {other:?}\n{text}"),
            }
        }
        let plain = markdown(&everywhere("plain"));
        let tags = events(&plain)
            .iter()
            .filter(|e| matches!(e, Event::Start(_)))
            .count();
        assert_eq!(starts, tags, "{name:?}\n{text}");
        // The title, its subtitle, the section, an item, a caption, a heading, a cell, the chart and its caption.
        let found = blocks.iter().filter(|block| **block == shown).count();
        assert_eq!(found, 9, "{name:?} as {shown:?}\n{text}");
    }
}

#[test]
fn a_hostile_name_in_a_report_never_ends_its_splice() {
    let file = format!("# Ours\n\n{BEGIN}\n{END}\n\nours\n");
    for name in HOSTILE {
        let mut document = everywhere(name);
        // A statement stands in its block of code as it is.
        document.sections[0]
            .blocks
            .retain(|b| !matches!(b, tradeoff::report::Block::Table(_)));
        let new = markdown_part(&document, 2);
        let once = splice(&file, BEGIN, END, &new).unwrap();
        assert_eq!(
            splice(&once, BEGIN, END, &new).as_deref(),
            Ok(once.as_str())
        );
        assert!(once.ends_with(&format!("{END}\n\nours\n")));
    }
}

#[test]
fn a_hostile_name_comes_back_from_json_and_csv() {
    for name in HOSTILE {
        let document = everywhere(name);
        let read: serde_json::Value = serde_json::from_str(&json(&document)).unwrap();
        let blocks = &read["sections"][0]["blocks"];
        let table = &blocks[2];
        let own = Column::from(name).name;
        assert_eq!(read["title"], name);
        assert_eq!(blocks[0]["text"], name);
        assert_eq!(blocks[0]["evidence"]["test"], name);
        assert_eq!(table["rows"][0][&own], name);
        assert_eq!(table["columns"][0]["heading"], name);
        let text = json(&document);
        assert!(!text.contains(|c: char| c < ' ' && c != '\n'), "{name:?}");

        let exact = csv(&document, false).unwrap();
        assert_eq!(first_cell(&exact), name);
        let safe = csv(&document, true).unwrap();
        let first = first_cell(&safe);
        assert!(first == name || first == format!("'{name}"), "{first:?}");
        assert!(
            !first.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']),
            "{first:?}"
        );
    }
}

fn first_cell(bytes: &[u8]) -> String {
    let mut reader = csv::Reader::from_reader(bytes);
    let row = reader.records().next().unwrap().unwrap();
    row[0].to_owned()
}

#[test]
fn one_document_in_four_formats() {
    let mut document = sample::report();
    document.sections.remove(3);
    snapshot("report.md", &markdown(&document));
    snapshot("report.json", &json(&document));
    snapshot(
        "report.csv",
        &String::from_utf8(csv(&document, true).unwrap()).unwrap(),
    );
    for chart in document.charts_mut() {
        chart.svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><g id=\"a\"/></svg>".into();
    }
    snapshot("report.html", &body(&html(&document)));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(html(&sample::report()), html(&sample::report()));
    assert_eq!(json(&sample::report()), json(&sample::report()));
}
