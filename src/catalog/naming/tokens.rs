//! A name as its pieces, and these folded to one spelling.

/// The pieces of a name in lower case: split at white space, `-`, `_`, `:` and a full stop that stands in no
/// number. `Qwen1.5-4B_Chat` is `qwen1.5`, `4b`, `chat`.
pub(super) fn pieces(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    let mut pieces = vec![String::new()];
    let mut before = ' ';
    let mut letters = name.chars().peekable();
    while let Some(c) = letters.next() {
        let in_number =
            c == '.' && before.is_ascii_digit() && letters.peek().is_some_and(char::is_ascii_digit);
        let separates = c.is_whitespace() || matches!(c, '-' | '_' | ':' | '/' | '.') && !in_number;
        match pieces.last_mut() {
            Some(piece) if !separates => piece.push(c),
            _ => pieces.push(String::new()),
        }
        before = c;
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// The sizes among the pieces: `7b`, `8x7b`, `1.8b`, `350m`.
pub(super) fn sizes(pieces: &[String]) -> String {
    let sizes: Vec<&str> = pieces
        .iter()
        .map(String::as_str)
        .filter(|piece| is_size(piece))
        .collect();
    sizes.join(" ")
}

fn is_size(piece: &str) -> bool {
    let Some(count) = piece.strip_suffix(['b', 'm', 't']) else {
        return false;
    };
    let starts_well = count.starts_with(|c: char| c.is_ascii_digit());
    starts_well
        && count
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'x'))
}

/// The letters that a piece begins with: `llama` of `llama3.1`.
pub(super) fn letters(piece: &str) -> &str {
    let end = piece.find(|c: char| !c.is_alphabetic());
    piece.get(..end.unwrap_or(piece.len())).unwrap_or(piece)
}

/// The pieces in one spelling: a number begins a word of its own, decimal points are separators, and the `v`
/// of a version is left out.
pub(super) fn join(pieces: &[String]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for piece in pieces {
        let is_size = is_size(piece);
        for part in piece.split('.') {
            let mut rest = part;
            while !rest.is_empty() {
                let end = if is_size { rest.len() } else { word_end(rest) };
                let (word, after) = rest.split_at(end);
                words.push(word);
                rest = after;
            }
        }
    }
    let mut key = String::new();
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).and_then(|next| next.chars().next());
        if *word == "v" && next.is_some_and(|c| c.is_ascii_digit()) {
            continue;
        }
        if !key.is_empty() {
            key.push('-');
        }
        key.push_str(word);
    }
    key
}

/// Where the first word ends: before a digit that follows no digit. `llama2` is two words, `4b` is one.
fn word_end(text: &str) -> usize {
    let mut before = '0';
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() && !before.is_ascii_digit() {
            return at;
        }
        before = c;
    }
    text.len()
}
