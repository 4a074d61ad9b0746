//! One pass over the bytes of JSON text: is it well formed, does no key stand twice in an object, and
//! where do the members of the first level lie.
//!
//! It only ever says yes. What it does not accept (text that is broken, twins, objects nested too
//! deep) is left to `serde_json` and to [`super::twins`], which know what is wrong and where.

use std::ops::Range;

use super::{lex, twins};

/// Deeper than this is left to the reader, whose limit is 128 levels.
const DEEPEST: usize = 120;
/// What Python writes for numbers that JSON has no word for.
const BARE: [&[u8]; 3] = [b"NaN", b"Infinity", b"-Infinity"];

/// A key with its quotes, and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::import) struct Member {
    /// Where the key lies.
    pub(in crate::import) key: Range<usize>,
    /// Where the value lies.
    pub(in crate::import) value: Range<usize>,
}

/// What one pass found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::import) struct Scan {
    /// The members of the object, in order.
    pub(in crate::import) members: Vec<Member>,
    /// Whether something follows the object.
    pub(in crate::import) is_followed: bool,
    /// Whether `NaN` or `Infinity` stands somewhere as a value.
    pub(in crate::import) has_bare: bool,
}

/// Looks through the object at the beginning of a text.
///
/// `None` for anything that `serde_json` may not accept and where a key stands twice in one object as
/// written; bare `NaN` and `Infinity` are accepted.
pub(in crate::import) fn object(bytes: &[u8]) -> Option<Scan> {
    let at = lex::blanks(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    let mut scanner = Scanner::new(bytes);
    scanner.wants_members = true;
    let end = lex::blanks(bytes, scanner.value(at)?);
    scanner.found.is_followed = end < bytes.len();
    Some(scanner.found)
}

/// Whether a text is nothing but values one after the other, as [`object`] accepts them.
pub(in crate::import) fn is_sound(bytes: &[u8]) -> bool {
    let mut scanner = Scanner::new(bytes);
    let mut at = lex::blanks(bytes, 0);
    while at < bytes.len() {
        match scanner.value(at) {
            Some(end) => at = lex::blanks(bytes, end),
            None => return false,
        }
    }
    true
}

/// What stands before a value of an object.
#[derive(Clone)]
struct Lead<'a> {
    /// All of it, from the brace or the value before: `, "acc": `.
    text: &'a [u8],
    /// Where in it the key lies, with its quotes.
    key: Range<usize>,
}

impl<'a> Lead<'a> {
    fn key(&self) -> &'a [u8] {
        self.text.get(self.key.clone()).unwrap_or_default()
    }
}

/// An object or list that is not closed yet.
struct Open {
    is_object: bool,
    /// How many of the values of an object begin like those of the model; all of them so far, if
    /// `leads` is none.
    alike: usize,
    /// Where the leads of an object unlike its model begin among those of all open objects.
    leads: Option<usize>,
}

/// How the look at a value ends: the next value begins here, or this one is whole.
enum Step {
    Into(usize),
    Whole(usize),
}

struct Scanner<'a> {
    bytes: &'a [u8],
    open: Vec<Open>,
    /// The leads of the open objects that are unlike their models.
    leads: Vec<Lead<'a>>,
    /// By level: the leads of an object without twins. Most objects of a file look like the one before
    /// them; their keys need neither be read nor compared with each other.
    models: Vec<Vec<Lead<'a>>>,
    /// Whether the members of the outermost object are wanted.
    wants_members: bool,
    /// The key whose value is being looked through, and where that begins.
    member: Option<(Range<usize>, usize)>,
    found: Scan,
}

impl<'a> Scanner<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            open: Vec::new(),
            leads: Vec::new(),
            models: Vec::new(),
            wants_members: false,
            member: None,
            found: Scan::default(),
        }
    }

    /// The end of the value that begins at `at`.
    fn value(&mut self, mut at: usize) -> Option<usize> {
        loop {
            at = match self.begin(at)? {
                Step::Into(start) => start,
                Step::Whole(end) => match self.follow(end)? {
                    Step::Into(start) => start,
                    Step::Whole(end) => return Some(end),
                },
            };
        }
    }

    /// A list or object up to its first value, or a value without any other in it.
    fn begin(&mut self, at: usize) -> Option<Step> {
        let end = match self.bytes.get(at)? {
            b'"' => lex::string(self.bytes, at)?,
            b'{' => return self.enter(at, true),
            b'[' => return self.enter(at, false),
            b'-' | b'0'..=b'9' => match lex::number(self.bytes, at) {
                Some(end) => end,
                None => self.bare(at)?,
            },
            b't' => lex::word(self.bytes, at, b"true")?,
            b'f' => lex::word(self.bytes, at, b"false")?,
            b'n' => lex::word(self.bytes, at, b"null")?,
            _ => self.bare(at)?,
        };
        Some(Step::Whole(end))
    }

    fn bare(&mut self, at: usize) -> Option<usize> {
        self.found.has_bare = true;
        let mut words = BARE.into_iter();
        words.find_map(|word| lex::word(self.bytes, at, word))
    }

    fn enter(&mut self, at: usize, is_object: bool) -> Option<Step> {
        if self.open.len() >= DEEPEST {
            return None;
        }
        self.open.push(Open {
            is_object,
            alike: 0,
            leads: None,
        });
        if is_object && let Some(start) = self.known_lead(at) {
            return Some(Step::Into(start));
        }
        let first = lex::blanks(self.bytes, at + 1);
        match (self.bytes.get(first)?, is_object) {
            (b'}', true) | (b']', false) => {
                self.leave()?;
                Some(Step::Whole(first + 1))
            }
            (_, true) => self.lead(at, first).map(Step::Into),
            (_, false) => Some(Step::Into(first)),
        }
    }

    /// What follows a value: the ends of what is open, then a comma and another value.
    fn follow(&mut self, mut end: usize) -> Option<Step> {
        while let Some(open) = self.open.last() {
            let is_object = open.is_object;
            if self.open.len() == 1 {
                self.close_member(end);
            }
            if is_object && let Some(start) = self.known_lead(end) {
                return Some(Step::Into(start));
            }
            let at = lex::blanks(self.bytes, end);
            match (self.bytes.get(at)?, is_object) {
                (b',', true) => {
                    let key = lex::blanks(self.bytes, at + 1);
                    return self.lead(end, key).map(Step::Into);
                }
                (b',', false) => {
                    let next = lex::blanks(self.bytes, at + 1);
                    // The longest lists are lists of numbers.
                    match lex::number(self.bytes, next) {
                        Some(after) => {
                            end = after;
                            continue;
                        }
                        None => return Some(Step::Into(next)),
                    }
                }
                (b'}', true) | (b']', false) => self.leave()?,
                _ => return None,
            }
            end = at + 1;
        }
        Some(Step::Whole(end))
    }

    /// Where the next value begins, if what leads to it is what the model has in its place.
    fn known_lead(&mut self, from: usize) -> Option<usize> {
        let level = self.open.len();
        let open = self.open.last_mut().filter(|open| open.leads.is_none())?;
        let lead = self.models.get(level)?.get(open.alike)?;
        if !self.bytes.get(from..)?.starts_with(lead.text) {
            return None;
        }
        open.alike += 1;
        let start = lex::blanks(self.bytes, from + lead.text.len());
        if level == 1 && self.wants_members {
            self.member = Some((from + lead.key.start..from + lead.key.end, start));
        }
        Some(start)
    }

    /// Where the next value begins: after a key and its colon.
    fn lead(&mut self, from: usize, key: usize) -> Option<usize> {
        if self.bytes.get(key)? != &b'"' {
            return None;
        }
        let end = lex::string(self.bytes, key)?;
        let colon = lex::blanks(self.bytes, end);
        if self.bytes.get(colon)? != &b':' {
            return None;
        }
        let start = lex::blanks(self.bytes, colon + 1);
        let level = self.open.len();
        let open = self.open.last_mut()?;
        if open.leads.is_none() {
            open.leads = Some(self.leads.len());
            let model = self.models.get(level).map_or(&[][..], Vec::as_slice);
            self.leads.extend_from_slice(model.get(..open.alike)?);
        }
        self.leads.push(Lead {
            text: self.bytes.get(from..start)?,
            key: key - from..end - from,
        });
        if level == 1 && self.wants_members {
            self.member = Some((key..end, start));
        }
        Some(start)
    }

    fn close_member(&mut self, end: usize) {
        if let Some((key, start)) = self.member.take() {
            let value = start..end;
            self.found.members.push(Member { key, value });
        }
    }

    /// The end of a list or object.
    fn leave(&mut self) -> Option<()> {
        let level = self.open.len();
        let open = self.open.pop()?;
        if let Some(start) = open.leads {
            let leads = self.leads.get(start..)?;
            if twins::repeated(leads, Lead::key).is_some() {
                return None;
            }
            if self.models.len() <= level {
                self.models.resize(level + 1, Vec::new());
            }
            let model = self.models.get_mut(level)?;
            model.clear();
            model.extend_from_slice(leads);
            self.leads.truncate(start);
        }
        Some(())
    }
}
