//! A report in the middle of a file that somebody else writes: what stands between two markers is
//! replaced, every other byte stays.

use super::error::ReportError;

/// The line before the report in a Markdown file.
pub const BEGIN: &str = "<!-- tradeoff:begin -->";

/// The line after it.
pub const END: &str = "<!-- tradeoff:end -->";

/// The text of a file with `new` in place of what stands between its two markers, each of which
/// stands on a line of its own. Lines of `new` end as the line of the first marker does.
///
/// Splicing the same text again changes nothing.
///
/// # Errors
/// [`ReportError`] when a marker is missing, stands twice, stands in `new`, or when the second stands first.
pub fn splice(existing: &str, begin: &str, end: &str, new: &str) -> Result<String, ReportError> {
    for marker in [begin, end] {
        if let Some(line) = lines_of(new, marker).next() {
            return Err(ReportError::MarkerInReport {
                marker: marker.to_owned(),
                line: line.number,
            });
        }
    }
    let (first, last) = match (only(existing, begin)?, only(existing, end)?) {
        (Some(first), Some(last)) if first.number < last.number => (first, last),
        (Some(first), Some(last)) => {
            return Err(ReportError::MarkerOrder {
                begin: begin.to_owned(),
                begin_line: first.number,
                end: end.to_owned(),
                end_line: last.number,
            });
        }
        (Some(found), None) => return Err(missing(begin, found.number, end)),
        (None, Some(found)) => return Err(missing(end, found.number, begin)),
        (None, None) => {
            return Err(ReportError::NoMarkers {
                begin: begin.to_owned(),
                end: end.to_owned(),
            });
        }
    };
    let before = existing.get(..first.end).unwrap_or("");
    let after = existing.get(last.start..).unwrap_or("");
    let ending = if before.ends_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let mut text = before.to_owned();
    for line in new.trim_end().lines() {
        text.push_str(line);
        text.push_str(ending);
    }
    Ok(text + after)
}

/// A line with a marker: its number from 1 and its bytes, its own end included.
struct Line {
    number: usize,
    start: usize,
    end: usize,
}

fn lines_of<'a>(text: &'a str, marker: &'a str) -> impl Iterator<Item = Line> + 'a {
    let lines = text.split_inclusive('\n').scan(0, |start, line| {
        let own = *start;
        *start += line.len();
        Some((own, line))
    });
    let marked = lines
        .enumerate()
        .filter(move |(_, (_, line))| line.trim() == marker);
    marked.map(|(at, (start, line))| Line {
        number: at + 1,
        start,
        end: start + line.len(),
    })
}

fn only(text: &str, marker: &str) -> Result<Option<Line>, ReportError> {
    let mut found = lines_of(text, marker);
    let first = found.next();
    match (first, found.next()) {
        (Some(first), Some(second)) => Err(ReportError::RepeatedMarker {
            marker: marker.to_owned(),
            first: first.number,
            second: second.number,
        }),
        (first, _) => Ok(first),
    }
}

fn missing(found: &str, line: usize, missing: &str) -> ReportError {
    ReportError::MissingMarker {
        found: found.to_owned(),
        line,
        missing: missing.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spliced(existing: &str, new: &str) -> Result<String, String> {
        splice(existing, BEGIN, END, new).map_err(|error| error.to_string())
    }

    #[test]
    fn what_stands_between_the_markers_is_replaced_and_nothing_else() {
        let old = format!("# A\n\nUse `{BEGIN}` so.\n  {BEGIN} \nold\n{END}\nrest");
        assert_eq!(
            spliced(&old, "new\n\nlines\n\n"),
            Ok(format!(
                "# A\n\nUse `{BEGIN}` so.\n  {BEGIN} \nnew\n\nlines\n{END}\nrest"
            ))
        );
        let empty = format!("{BEGIN}\n{END}");
        assert_eq!(spliced(&empty, "x"), Ok(format!("{BEGIN}\nx\n{END}")));
    }

    #[test]
    fn a_file_of_windows_keeps_its_line_ends() {
        let old = format!("a\r\n{BEGIN}\r\n{END}\r\n");
        let new = format!("a\r\n{BEGIN}\r\nb\r\nc\r\n{END}\r\n");
        assert_eq!(spliced(&old, "b\nc\n"), Ok(new));
    }

    #[test]
    fn markers_that_are_not_a_pair_are_refused_with_their_lines() {
        let refused = |text: &str| spliced(text, "new").unwrap_err();
        assert_eq!(
            refused("a\n"),
            format!(
                "the file has no `{BEGIN}` and no `{END}`; write each on a line of its own where the report is to stand"
            )
        );
        assert_eq!(
            refused(&format!("a\n{BEGIN}\n")),
            format!(
                "`{BEGIN}` stands in line 2, but there is no `{END}`; write it on a line of its own"
            )
        );
        assert_eq!(
            refused(&format!("{END}\n")),
            format!(
                "`{END}` stands in line 1, but there is no `{BEGIN}`; write it on a line of its own"
            )
        );
        assert_eq!(
            refused(&format!("{BEGIN}\n{END}\n\n{BEGIN}\n{END}\n")),
            format!("`{BEGIN}` stands in line 1 and again in line 4; leave one of them")
        );
        assert_eq!(
            refused(&format!("{BEGIN}\n{END}\n{END}\n")),
            format!("`{END}` stands in line 2 and again in line 3; leave one of them")
        );
        assert_eq!(
            refused(&format!("\n{END}\n{BEGIN}\n")),
            format!("`{END}` stands in line 2, before `{BEGIN}` in line 3; exchange them")
        );
        assert_eq!(
            spliced(&format!("{BEGIN}\n{END}\n"), &format!("a\n {END}\nb")).unwrap_err(),
            format!("line 2 of the report is `{END}` itself; change the query that contains it")
        );
    }

    proptest! {
        #[test]
        fn a_text_spliced_twice_is_spliced_once(
            before in "[a-z\r\n]{0,9}", old in "[a-z\r\n]{0,9}", after in "[a-z\r\n]{0,9}", new in "[ a-z\r\n]{0,20}"
        ) {
            let file = format!("{before}\n{BEGIN}\n{old}\n{END}\n{after}");
            let once = spliced(&file, &new).unwrap();
            prop_assert_eq!(spliced(&once, &new).unwrap(), once.clone());
            let kept = once.starts_with(&format!("{before}\n{BEGIN}\n")) && once.ends_with(&format!("{END}\n{after}"));
            prop_assert!(kept);
        }
    }
}
