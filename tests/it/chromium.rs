//! A report as a browser shows it: it sorts, points, darkens, and asks nobody for anything. Skipped where
//! there is no Chromium.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use serde_json::{Value, json};
use tradeoff::report::html;

use super::devtools::{Browser, decoded, installed};
use super::sample;

/// A browser that shows the sample report, the folder of its file, and the file.
struct Shown {
    browser: Browser,
    _folder: tempfile::TempDir,
    file: PathBuf,
}

impl Shown {
    /// Opens the report; `None` where there is no browser.
    fn open() -> Option<Self> {
        let Some(program) = installed() else {
            // Not by a macro: those lines are shown for failed tests only.
            let skipped =
                "skipped: a report in a browser (no chromium; TRADEOFF_CHROMIUM names one)\n";
            let _ = std::io::stderr().write_all(skipped.as_bytes());
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.html");
        let browser = Browser::start(&program);
        let mut shown = Self {
            browser,
            _folder: folder,
            file,
        };
        shown.show(&html(&sample::report()));
        Some(shown)
    }

    /// Shows another page.
    fn show(&mut self, text: &str) {
        std::fs::write(&self.file, text).unwrap();
        self.browser.open(&self.file);
    }

    /// The middle of the first element that a selector finds, scrolled into the window; two frames later the page
    /// has heard of the scrolling.
    fn middle(&mut self, selector: &str) -> (f64, f64) {
        let place = self.browser.value(&format!(
            "(async () => {{ const e = document.querySelector({selector:?}); e.scrollIntoView({{block: 'center'}});
               await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
               const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        ));
        (place[0].as_f64().unwrap(), place[1].as_f64().unwrap())
    }

    /// The first cells of a table, from the top.
    fn first_cells(&mut self, table: &str) -> Vec<String> {
        let script = format!(
            "Array.from(document.querySelectorAll('{table} tbody tr'), (row) => row.cells[0].textContent)"
        );
        serde_json::from_value(self.browser.value(&script)).unwrap()
    }

    /// Whatever the page complained about: errors, exceptions, violations of its policy, requests that failed.
    fn complaints(&self) -> Vec<String> {
        let is_complaint = |method: &str, parameters: &Value| match method {
            "Runtime.exceptionThrown" | "Audits.issueAdded" | "Network.loadingFailed" => true,
            "Runtime.consoleAPICalled" => matches!(
                parameters["type"].as_str(),
                Some("error" | "warning" | "assert")
            ),
            "Log.entryAdded" => parameters["entry"]["level"] != "verbose",
            _ => false,
        };
        let events = self.browser.events.iter();
        let bad = events.filter(|(method, parameters)| is_complaint(method, parameters));
        bad.map(|(method, parameters)| format!("{method} {parameters}"))
            .collect()
    }

    fn requests(&self) -> Vec<String> {
        let events = self.browser.events.iter();
        let sent = events.filter(|(method, _)| method == "Network.requestWillBeSent");
        let addresses = sent.filter_map(|(_, p)| p["request"]["url"].as_str());
        addresses
            .filter(|a| !a.starts_with("data:"))
            .map(str::to_owned)
            .collect()
    }

    fn dark(&mut self, on: bool) {
        let value = if on { "dark" } else { "light" };
        let asked = json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
        self.browser.call("Emulation.setEmulatedMedia", asked);
    }

    fn paper(&mut self) -> String {
        let paper = self
            .browser
            .value("getComputedStyle(document.documentElement).backgroundColor");
        paper.as_str().unwrap().to_owned()
    }
}

#[test]
fn a_report_in_a_browser() {
    let Some(mut page) = Shown::open() else {
        return;
    };
    tables_sort(&mut page);
    marks_speak(&mut page);
    colours_change(&mut page);
    names_are_text(&mut page);
    let file = format!("file://{}", page.file.display());
    assert_eq!(page.requests(), [file]);
    assert_eq!(page.complaints(), Vec::<String>::new());
    picture_is_not_blank(&mut page);
}

#[test]
fn a_page_that_does_what_it_must_not_is_noticed() {
    let Some(mut page) = Shown::open() else {
        return;
    };
    for added in [
        "<script>console.log(1)</script>",
        "<img src=x onerror=\"console.log(1)\">",
        "<link rel=stylesheet href=\"http://localhost:9/x.css\">",
    ] {
        let text = html(&sample::report()).replace("</main>", &format!("{added}</main>"));
        page.show(&text);
        page.middle("main");
        assert_ne!(page.complaints(), Vec::<String>::new(), "{added}");
    }
}

fn tables_sort(page: &mut Shown) {
    let table = "#section-2 table";
    let given = page.first_cells(table);
    let mut by_speed: Vec<_> = sample::SEVEN.to_vec();
    by_speed.sort_by(|a, b| a.1.total_cmp(&b.1));
    let ascending: Vec<String> = by_speed.iter().map(|row| row.0.to_owned()).collect();
    let descending: Vec<String> = ascending.iter().rev().cloned().collect();

    let (x, y) = page.middle("#section-2 th:nth-child(2) button");
    page.browser.click(x, y);
    assert_eq!(page.first_cells(table), ascending);
    assert_eq!(
        page.browser
            .value("document.querySelector('#section-2 th:nth-child(2)').ariaSort"),
        "ascending"
    );
    // The heading has the focus now: the keyboard goes on.
    page.browser.press("Enter");
    assert_eq!(page.first_cells(table), descending);
    page.browser.press("Enter");
    assert_eq!(page.first_cells(table), given);

    // An empty cell stays at the end in either order.
    for _ in 0..2 {
        let (x, y) = page.middle("#section-2 th:nth-child(4) button");
        page.browser.click(x, y);
        assert_eq!(page.first_cells(table).last().unwrap(), "Memory³-2B-SFT");
    }
}

fn marks_speak(page: &mut Shown) {
    let shown =
        "document.querySelector('.tip').hidden ? '' : document.querySelector('.tip').innerText";
    assert_eq!(page.browser.value(shown), "");
    let (x, y) = page.middle("figure svg .says");
    page.browser.point_at(x, y);
    let tip = page.browser.value(shown);
    assert!(
        tip.as_str()
            .unwrap()
            .contains("decoding speed with retrieval (token/s): "),
        "{tip}"
    );
    page.browser.point_at(1.0, 1.0);
    assert_eq!(page.browser.value(shown), "");
    page.browser
        .value("document.querySelector('figure svg .says').focus()");
    page.browser.press("ArrowRight");
    let next = page.browser.value(shown);
    assert!(
        next != tip && next.as_str().unwrap().contains("token/s"),
        "{next}"
    );
    page.browser.press("Escape");
    assert_eq!(page.browser.value(shown), "");
}

fn colours_change(page: &mut Shown) {
    page.dark(false);
    let light = page.paper();
    page.dark(true);
    let dark = page.paper();
    assert_ne!(light, dark);
    let (x, y) = page.middle("button.theme");
    page.browser.click(x, y);
    assert_eq!(page.paper(), light);
    page.browser.click(x, y);
    assert_eq!(page.paper(), dark);
    page.dark(false);
    assert_eq!(page.paper(), dark, "the button outweighs the system");
    page.browser.click(x, y);
    assert_eq!(page.paper(), light);
}

/// The names in the page's own tree are what a person should see, and none of them became an element.
fn names_are_text(page: &mut Shown) {
    let names = page.first_cells("#section-4 table");
    let expected = super::hostile_names::HOSTILE
        .map(|name| tradeoff::output::text::visible(name).into_owned());
    assert_eq!(names, expected);
    let strangers = "document.querySelectorAll('img, iframe, object, embed, form, a:not(nav a), script + script, b').length";
    assert_eq!(page.browser.value(strangers), 0);
}

fn picture_is_not_blank(page: &mut Shown) {
    page.browser.value("scrollTo(0, 0)");
    let png = page.browser.screenshot();
    let picture = resvg::tiny_skia::Pixmap::decode_png(&png).unwrap();
    let colours: BTreeSet<u32> = picture
        .pixels()
        .iter()
        .map(|p| u32::from_le_bytes([p.red(), p.green(), p.blue(), 0]))
        .collect();
    if colours.len() < 64 {
        let kept = std::env::temp_dir().join("tradeoff-report.png");
        std::fs::write(&kept, &png).unwrap();
        panic!(
            "the page has {} colours only: {}",
            colours.len(),
            kept.display()
        );
    }
}

/// Writes pictures of the report for a person to look at: `TRADEOFF_PICTURES=FOLDER cargo test pictures -- --ignored`.
#[test]
#[ignore = "writes pictures for a person to look at"]
fn pictures() {
    let (Ok(folder), Some(mut page)) = (std::env::var("TRADEOFF_PICTURES"), Shown::open()) else {
        return;
    };
    let folder = PathBuf::from(folder);
    for (name, width, dark) in [
        ("light", 1280, false),
        ("dark", 1280, true),
        ("narrow", 390, false),
        ("narrow_dark", 390, true),
    ] {
        page.dark(dark);
        let size =
            json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500});
        page.browser
            .call("Emulation.setDeviceMetricsOverride", size);
        page.browser.value("scrollTo(0, 0)");
        let shot = json!({"format": "png", "captureBeyondViewport": true});
        let whole = page.browser.call("Page.captureScreenshot", shot);
        std::fs::write(folder.join(format!("{name}.png")), decoded(&whole["data"])).unwrap();
        let (x, y) = page.middle("figure svg .says:nth-child(4)");
        page.browser.point_at(1.0, 1.0);
        page.browser.point_at(x, y);
        std::fs::write(
            folder.join(format!("{name}_top.png")),
            page.browser.screenshot(),
        )
        .unwrap();
        page.middle("#section-3 h2");
        std::fs::write(
            folder.join(format!("{name}_tables.png")),
            page.browser.screenshot(),
        )
        .unwrap();
    }
    page.dark(false);
    let print = page.browser.call(
        "Page.printToPDF",
        json!({"printBackground": false, "preferCSSPageSize": true}),
    );
    std::fs::write(folder.join("print.pdf"), decoded(&print["data"])).unwrap();
    std::fs::write(folder.join("report.html"), html(&sample::report())).unwrap();
}
