//! Keys that stand twice in one JSON object. Tools disagree about which of the two counts (RFC 8259,
//! section 4), so that a file with one says two things at once.

use super::super::ImportError;
use std::path::Path;

/// Objects nested deeper than this are left to the reader, which refuses them.
const DEEPEST: usize = 200;

/// Refuses JSON text in which a key stands twice in one object. Keys are compared as written.
///
/// One pass over the bytes without a tree; what is not well formed is the reader's business.
///
/// # Errors
/// [`ImportError::Broken`] with the place of the second key.
pub(in crate::import) fn refuse(path: &Path, bytes: &[u8]) -> Result<(), ImportError> {
    let Some((at, key)) = find(bytes) else {
        return Ok(());
    };
    let before = bytes.get(..at).unwrap_or_default();
    let line_start = before
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |at| at + 1);
    Err(ImportError::Broken {
        path: path.to_owned(),
        line: before.iter().filter(|b| **b == b'\n').count() + 1,
        column: at - line_start + 1,
        reason: format!(
            "the key `{}` stands twice in one object",
            String::from_utf8_lossy(key)
        ),
    })
}

/// The keys of an object, each with its place.
type Keys<'a> = Vec<(&'a [u8], usize)>;

/// The place of the first key that repeats another of its object, and the key.
fn find(bytes: &[u8]) -> Option<(usize, &[u8])> {
    // The keys so far of every open object; a list has none.
    let mut open: Vec<Option<Keys<'_>>> = Vec::new();
    let mut at = 0;
    // After `{` or `,` in an object a key follows.
    let mut key_follows = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' => {
                open.push(Some(Vec::new()));
                key_follows = true;
            }
            b'[' => {
                open.push(None);
                key_follows = false;
            }
            b'}' | b']' => {
                if let Some(twin) = open.pop().flatten().and_then(second) {
                    return Some(twin);
                }
                key_follows = false;
            }
            b',' => key_follows = matches!(open.last(), Some(Some(_))),
            b'"' => {
                let end = end_of_string(bytes, at);
                if key_follows && let Some(Some(keys)) = open.last_mut() {
                    keys.push((bytes.get(at + 1..end)?, at));
                }
                key_follows = false;
                at = end;
            }
            _ => {}
        }
        if open.len() > DEEPEST {
            return None;
        }
        at += 1;
    }
    None
}

/// Where the string that begins at `at` has its closing quote.
fn end_of_string(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'\\' => end += 1,
            b'"' => break,
            _ => {}
        }
        end += 1;
    }
    end
}

/// The first key that stands among those before it.
fn second(mut keys: Keys<'_>) -> Option<(usize, &[u8])> {
    keys.sort_unstable();
    let twins = keys.windows(2).filter_map(|pair| match pair {
        [(one, _), (other, at)] if one == other => Some((*at, *other)),
        _ => None,
    });
    twins.min()
}

/// Up to here comparing each with each is faster than sorting.
const FEW: usize = 8;

/// An item whose key another has too; of several the one with the least key.
pub(in crate::import) fn repeated<'a, T, K: Ord + ?Sized + 'a>(
    items: &'a [T],
    key: impl Fn(&'a T) -> &'a K,
) -> Option<&'a T> {
    if items.len() <= FEW {
        let mut rest = items;
        let mut is_distinct = true;
        while let Some((item, others)) = rest.split_first() {
            is_distinct &= others.iter().all(|other| key(item) != key(other));
            rest = others;
        }
        if is_distinct {
            return None;
        }
    }
    let mut sorted: Vec<&T> = items.iter().collect();
    sorted.sort_unstable_by(|one, other| key(one).cmp(key(other)));
    let mut pairs = sorted.windows(2).filter_map(|pair| match pair {
        [one, other] if key(one) == key(other) => Some(*one),
        _ => None,
    });
    pairs.next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn twin(text: &str) -> Option<String> {
        let found = refuse(Path::new("a.json"), text.as_bytes());
        found.err().map(|error| error.to_string())
    }

    #[test]
    fn a_key_that_repeats_another_of_its_object_is_found_with_its_place() {
        assert_eq!(
            twin("{\"a\": {\"b\": 1},\n \"c\": [1, {\"d\": 1, \"e\": 2, \"d\": 3}]}").unwrap(),
            "`a.json`, line 2, column 28: the key `d` stands twice in one object"
        );
        assert!(
            twin("{\"a\": 1}\n{\"b\": 1, \"b\": 2}")
                .unwrap()
                .contains("line 2")
        );
    }

    #[test]
    fn equal_keys_of_two_objects_and_equal_strings_are_no_twins() {
        for text in [
            "[{\"a\": 1}, {\"a\": 2}]",
            "{\"a\": {\"a\": [\"a\", \"a\"]}}",
            "{\"a\": \"a\", \"b\": \"\\\"a\\\": 1, \\\"a\\\": 2\"}",
            "{\"a\": 1, \"A\": 2}",
            "{\"a",
        ] {
            assert_eq!(twin(text), None, "{text}");
        }
    }

    #[test]
    fn of_several_that_repeat_the_least_is_named_among_few_and_among_many() {
        let few = ["c", "b", "a", "c", "b"];
        assert_eq!(repeated(&few, |word| *word), Some(&"b"));
        let many: Vec<String> = (0..40).map(|i| (i % 38).to_string()).collect();
        assert_eq!(repeated(&many, |word| word.as_str()).unwrap(), "0");
        assert_eq!(repeated(&many[..38], |word| word.as_str()), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in "[\\[\\]{}\",:a\\\\ ]{0,60}") {
            let _ = find(bytes.as_bytes());
        }
    }
}
