//! The words of JSON text, each from where it begins to where it ends, eight bytes at a time.
//!
//! Every function gives `None` where the text does not go on as RFC 8259 wants it.

/// The same bit in each of eight bytes.
const EACH: u64 = u64::from_le_bytes([1; 8]);
/// The highest bit of each of eight bytes.
const HIGH: u64 = EACH << 7;

/// The first byte at or after `at` that is no white space.
#[inline]
pub(in crate::import) fn blanks(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
        // More than one is indentation.
        if bytes.get(at) == Some(&b' ') {
            at = spaces(bytes, at + 1);
        }
    }
    at
}

#[inline]
fn spaces(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = eight(bytes, at) {
        let others = word ^ (EACH * 0x20);
        at += first(others);
        if others != 0 {
            break;
        }
    }
    at
}

/// The end of the string that begins with the quote at `at`.
#[inline]
pub(in crate::import) fn string(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = plain(bytes, at + 1);
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at = escape(bytes, at)?,
            0..=0x1f => return None,
            _ => at += 1,
        }
        at = plain(bytes, at);
    }
}

/// The end of the string that begins with the quote at `at`, if it holds no escape.
#[inline]
pub(in crate::import) fn plain_string(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = plain(bytes, at + 1);
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' | 0..=0x1f => return None,
            _ => at += 1,
        }
    }
}

/// The end of a run of plain characters, or a place in the last few bytes of the text.
#[inline]
fn plain(bytes: &[u8], mut at: usize) -> usize {
    while let Some(word) = eight(bytes, at) {
        let stops = stops(word);
        at += first(stops);
        if stops != 0 {
            break;
        }
    }
    at
}

fn escape(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(at + 2),
        b'u' => {
            let digits = bytes.get(at + 2..at + 6)?;
            let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
            is_hex.then_some(at + 6)
        }
        _ => None,
    }
}

/// The end of a number.
#[inline]
pub(in crate::import) fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let at = at + usize::from(bytes.get(at) == Some(&b'-'));
    let mut at = match bytes.get(at)? {
        b'0' => at + 1,
        b'1'..=b'9' => digits(bytes, at)?,
        _ => return None,
    };
    if bytes.get(at) == Some(&b'.') {
        at = digits(bytes, at + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let sign = matches!(bytes.get(at + 1), Some(b'+' | b'-'));
        at = digits(bytes, at + 1 + usize::from(sign))?;
    }
    Some(at)
}

/// The end of one or more digits.
#[inline]
fn digits(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    while let Some(word) = eight(bytes, at) {
        let others = others_than_digits(word);
        at += first(others);
        if others != 0 {
            return (at > start).then_some(at);
        }
    }
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    (at > start).then_some(at)
}

/// The end of any value of text that is known to be well formed.
pub(in crate::import) fn value(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        at = match bytes.get(at)? {
            b'"' => string(bytes, at)?,
            b'{' | b'[' => {
                depth += 1;
                at + 1
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                at + 1
            }
            b't' | b'n' => at + 4,
            b'f' => at + 5,
            b'-' | b'0'..=b'9' => number(bytes, at)?,
            _ => {
                at += 1;
                continue;
            }
        };
        if depth == 0 {
            return Some(at);
        }
    }
}

/// The end of this very word.
pub(in crate::import) fn word(bytes: &[u8], at: usize, word: &[u8]) -> Option<usize> {
    let is_it = bytes.get(at..)?.starts_with(word);
    is_it.then_some(at + word.len())
}

/// Where the first value of the list at `at` begins, or the end of the list if it is empty.
#[inline]
pub(in crate::import) fn list(bytes: &[u8], at: usize) -> Option<Result<usize, usize>> {
    if bytes.get(at)? != &b'[' {
        return None;
    }
    let at = blanks(bytes, at + 1);
    Some(match bytes.get(at)? {
        b']' => Err(at + 1),
        _ => Ok(at),
    })
}

/// Where the next value of a list begins after one that ends at `at`, or the end of the list.
#[inline]
pub(in crate::import) fn comma(bytes: &[u8], at: usize) -> Option<Result<usize, usize>> {
    let at = blanks(bytes, at);
    match bytes.get(at)? {
        b',' => Some(Ok(blanks(bytes, at + 1))),
        b']' => Some(Err(at + 1)),
        _ => None,
    }
}

/// Eight bytes, the first of them the lowest.
#[inline]
fn eight(bytes: &[u8], at: usize) -> Option<u64> {
    let eight = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*eight))
}

/// The number of the lowest byte that is not zero; eight if there is none.
#[inline]
fn first(word: u64) -> usize {
    (word.trailing_zeros() / 8) as usize
}

/// A bit in the first byte that ends a run of plain characters in a string: a quote, a backslash or a
/// control character. Bits above it may be wrong, since the subtraction borrows.
#[inline]
fn stops(word: u64) -> u64 {
    let zero = |x: u64| x.wrapping_sub(EACH) & !x;
    let quote = zero(word ^ (EACH * u64::from(b'"')));
    let backslash = zero(word ^ (EACH * u64::from(b'\\')));
    let control = word.wrapping_sub(EACH * 0x20) & !word;
    (quote | backslash | control) & HIGH
}

/// A bit in the first byte that is no digit. Bits above it may be wrong, since the addition carries.
#[inline]
fn others_than_digits(word: u64) -> u64 {
    let offset = word ^ (EACH * 0x30);
    (offset.wrapping_add(EACH * 0x76) | offset) & HIGH
}
