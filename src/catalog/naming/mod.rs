//! Which names may mean one model. Tools spell one model in many ways: with folders, owner, file ending,
//! shard, upper case, other separators. The rules here only ever *propose*: names that differ in base, chat
//! or instruct, in size, version, quantisation or revision are never proposed as one.
//!
//! Knows nothing of stores and tables. A further word for a quantisation is one entry in
//! `quantization.rs`, a further decoration one step in [`parts`].

mod quantization;
mod tokens;

use std::collections::{HashMap, HashSet};

use tokens::{join, pieces, sizes};

/// What a name says about which weights it means.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameParts {
    /// The name without decorations, folded: lower case, `-` between words and numbers, so that
    /// `Llama-2-7b-chat-hf` and `llama2_7b_chat` are both `llama-2-7b-chat`. Empty where nothing is left
    /// that could name a model.
    pub key: String,
    /// The sizes as written, in lower case (`7b`, `8x7b`, `1.8b`): folding makes `3.1-8B` and `3-1.8B` alike.
    pub size: String,
    /// The quantisation or number format at the name's end, in one spelling: `q4_k_m`, `awq_int4`, `f16`.
    pub quantization: Option<String>,
    /// Branch, step, tag or commit of the weights.
    pub revision: Option<String>,
    /// Who owns the name on a hub: `Qwen` of `Qwen/Qwen1.5-4B-Chat`, `openai` of `openai/gpt2`.
    pub owner: Option<String>,
    /// What was taken off, in words.
    pub dropped: Vec<&'static str>,
}

/// Two names that may mean one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The name that looks most like a hub's, else the first of them.
    pub a: String,
    /// The other name.
    pub b: String,
    /// In what they differ, in one sentence.
    pub reason: String,
}

/// Names that say nothing about the model.
const PLACEHOLDERS: [&str; 9] = [
    "model",
    "models",
    "example-model",
    "base-model",
    "pysut",
    "default",
    "unknown",
    "none",
    "test",
];

/// Which of the names may be one model, in the order of the names: each but one of those that agree in key,
/// size, quantisation and revision is paired with that one. Takes time in proportion to the names' length.
#[must_use]
pub fn suggest(names: &[&str]) -> Vec<Suggestion> {
    let mut groups: Vec<Vec<(&str, NameParts)>> = Vec::new();
    let mut index: HashMap<[String; 4], usize> = HashMap::new();
    for name in names {
        let parts = parts(name);
        if parts.key.is_empty() {
            continue;
        }
        let revision = parts.revision.clone().unwrap_or_default();
        let quantization = parts.quantization.clone().unwrap_or_default();
        let identity = [
            parts.key.clone(),
            parts.size.clone(),
            quantization,
            revision,
        ];
        let next = groups.len();
        let group = *index.entry(identity).or_insert(next);
        if group == next {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.get_mut(group) {
            group.push((name, parts));
        }
    }
    groups.iter().flat_map(|group| pairs(group)).collect()
}

/// The pairs of one group: its best name with each of the others.
fn pairs(group: &[(&str, NameParts)]) -> Vec<Suggestion> {
    // `owner/name` is how hubs write it, and what people recognise.
    let is_hub = |(name, _): &&(&str, NameParts)| {
        name.split('/').count() == 2 && !name.starts_with(['/', '.']) && !name.contains(' ')
    };
    let Some(best) = group.iter().find(is_hub).or(group.first()) else {
        return Vec::new();
    };
    let mut seen = HashSet::from([best.0]);
    let mut pairs = Vec::new();
    for other in group {
        if seen.insert(other.0) {
            pairs.push(Suggestion {
                a: best.0.to_owned(),
                b: other.0.to_owned(),
                reason: reason(&best.1, &other.1),
            });
        }
    }
    pairs
}

fn reason(a: &NameParts, b: &NameParts) -> String {
    let mut differs: Vec<String> = Vec::new();
    for (one, other) in [(a, b), (b, a)] {
        for what in &one.dropped {
            if !other.dropped.contains(what) && !differs.iter().any(|d| d == what) {
                differs.push((*what).to_owned());
            }
        }
    }
    if let (Some(a), Some(b)) = (&a.owner, &b.owner)
        && !a.eq_ignore_ascii_case(b)
    {
        differs.push(format!("the owner (`{a}`, `{b}`)"));
    }
    match differs.as_slice() {
        [] => "the names differ in case and separators alone".to_owned(),
        _ => format!("the names differ in {}", differs.join(", ")),
    }
}

/// Takes a name apart.
///
/// In this order: arguments (`,revision=…`, `@…`); the cache folder of a hub (`models--org--name`) and `__` as
/// separators of folders; folders, of which a checkpoint's (`checkpoint-500`) is a revision; `.gguf` and a
/// shard (`-00001-of-00003`); the tag after `:`, a revision where it is a commit; the provider of Amazon
/// Bedrock (`meta.…-v1`); the quantisation; `-hf`; the vendor's own name (`Meta-Llama`). Superscript digits
/// are digits, and `v2` is `2`.
#[must_use]
pub fn parts(name: &str) -> NameParts {
    let mut parts = NameParts::default();
    let name = digits(name.trim(), &mut parts);
    let name = arguments(&name, &mut parts);
    let name = last_folder(name, &mut parts);
    let name = file_ending(&name, &mut parts);
    let name = tag(name, &mut parts);
    let (name, is_provided) = provider(&name, &mut parts);
    let mut pieces = pieces(name);
    if is_provided && pieces.last().is_some_and(|last| last == "v1") {
        // Bedrock's own version of how the model is called, not a version of the weights.
        pieces.pop();
    }
    parts.quantization = quantization::take(&mut pieces);
    if pieces.len() > 1 && pieces.last().is_some_and(|last| last == "hf") {
        pieces.pop();
        parts.dropped.push("`-hf` at the end");
    }
    if let [vendor, family, ..] = pieces.as_slice()
        && VENDORS.contains(&(vendor, tokens::letters(family)))
    {
        pieces.remove(0);
        parts.dropped.push("the vendor's name before the family's");
    }
    parts.size = sizes(&pieces);
    parts.key = join(&pieces);
    if PLACEHOLDERS.contains(&parts.key.as_str()) {
        parts.key.clear();
    }
    parts
}

/// Vendors that some write before their own family of models.
const VENDORS: [(&str, &str); 3] = [("meta", "llama"), ("google", "gemma"), ("microsoft", "phi")];

/// Superscript digits as digits: `Memory³` is `Memory3` where a text cannot raise them.
fn digits(name: &str, parts: &mut NameParts) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let plain: String = name
        .chars()
        .map(|c| match RAISED.iter().position(|raised| *raised == c) {
            Some(digit) => char::from_digit(digit as u32, 10).unwrap_or(c),
            None => c,
        })
        .collect();
    if plain != name {
        parts.dropped.push("raised digits");
    }
    plain
}

/// What follows a comma or `@`: a revision, or another argument that makes it another model.
fn arguments<'n>(name: &'n str, parts: &mut NameParts) -> &'n str {
    let mut words = name.split(',').map(str::trim);
    let first = words.next().unwrap_or_default();
    let given: Vec<&str> = words
        .filter(|word| !word.is_empty())
        .map(|word| word.strip_prefix("revision=").unwrap_or(word))
        .collect();
    let first = first.strip_prefix("pretrained=").unwrap_or(first);
    let (first, at) = match first.split_once('@') {
        Some((name, at)) => (name, Some(at)),
        None => (first, None),
    };
    let mut given: Vec<&str> = at.into_iter().chain(given).collect();
    // The main branch is what is meant without any.
    given.retain(|word| !matches!(*word, "" | "main"));
    if !given.is_empty() {
        parts.revision = Some(given.join(","));
    }
    first
}

/// Folders that hold a model's files and do not name it.
fn is_checkpoint(folder: &str) -> bool {
    let lower = folder.to_ascii_lowercase();
    let number = |start: &str| {
        let rest = lower.strip_prefix(start);
        rest.is_some_and(|rest| {
            let rest = rest.trim_start_matches(['-', '_']);
            !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())
        })
    };
    ["checkpoint", "step", "global_step", "iter", "epoch", "ckpt"]
        .into_iter()
        .any(number)
        || is_commit(&lower)
}

fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The last folder that names the model; those above are dropped.
fn last_folder(name: &str, parts: &mut NameParts) -> String {
    // lm-eval writes a path with `__` for `/`; a hub's cache has `models--owner--name/snapshots/COMMIT`.
    let path = name.replace("__", "/").replace('\\', "/");
    if path.len() != name.len() {
        parts.dropped.push("`__` for `/`");
    }
    let mut folders: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let cached = folders
        .iter()
        .rposition(|part| part.starts_with("models--"));
    if let Some(at) = cached {
        if let Some(commit) = folders.last().filter(|last| is_commit(last)) {
            parts.revision = Some((*commit).to_owned());
        }
        let folder = folders.get(at).copied().unwrap_or_default();
        parts.dropped.push("the cache folder");
        let mut names = folder.split("--").skip(1);
        let owner = names.next().map(str::to_owned);
        let rest: Vec<&str> = names.collect();
        return match (owner, rest.is_empty()) {
            (Some(name), true) => name,
            (owner, _) => {
                parts.owner = owner;
                rest.join("--")
            }
        };
    }
    if folders.len() > 1
        && let Some(folder) = folders.pop_if(|last| is_checkpoint(last))
    {
        parts.revision = Some(folder.to_owned());
    }
    let last = folders.pop().unwrap_or_default().to_owned();
    if folders.len() > 1 || path.starts_with('/') {
        parts.dropped.push("folders");
    } else if let Some(owner) = folders.pop() {
        parts.owner = Some(owner.to_owned());
        parts.dropped.push("the owner before the name");
    }
    last
}

/// A name without `.gguf` and without the number of a shard.
fn file_ending<'n>(name: &'n str, parts: &mut NameParts) -> &'n str {
    let mut name = name;
    let at = name.len().saturating_sub(".gguf".len());
    if let Some((stem, ending)) = name.split_at_checked(at)
        && ending.eq_ignore_ascii_case(".gguf")
    {
        name = stem;
        parts.dropped.push("the file's ending");
    }
    // `-00001-of-00003`, 15 bytes, as llama.cpp's `gguf-split` writes it.
    let at = name.len().saturating_sub(15);
    if let Some((stem, shard)) = name.split_at_checked(at) {
        let fits = shard.bytes().enumerate().all(|(i, b)| match i {
            0 | 6 | 9 => b == b'-',
            7 => b == b'o',
            8 => b == b'f',
            _ => b.is_ascii_digit(),
        });
        if fits && shard.len() == 15 {
            name = stem;
            parts.dropped.push("the shard");
        }
    }
    name
}

/// What follows `:`: Replicate's commit is a revision, Ollama's `7b-chat` is part of the name, `latest`
/// says nothing.
fn tag(name: &str, parts: &mut NameParts) -> String {
    let Some((before, tag)) = name.rsplit_once(':') else {
        return name.to_owned();
    };
    let hex = tag.trim_end_matches('…');
    let is_commit = hex.len() >= 6
        && hex.bytes().all(|b| b.is_ascii_hexdigit())
        && hex.bytes().any(|b| b.is_ascii_digit());
    match tag {
        "latest" => parts.dropped.push("the tag `latest`"),
        // Bedrock writes `-v1:0`.
        "0" if before.ends_with("-v1") => {}
        _ if is_commit => parts.revision = Some(hex.to_ascii_lowercase()),
        _ => return format!("{before}-{tag}"),
    }
    before.to_owned()
}

/// The vendors that Amazon Bedrock writes before a name, after a region where it is routed across several.
const PROVIDERS: [&str; 9] = [
    "meta",
    "anthropic",
    "amazon",
    "mistral",
    "cohere",
    "ai21",
    "deepseek",
    "openai",
    "qwen",
];

/// A name without `us.` and `meta.`, and whether it had them.
fn provider<'n>(name: &'n str, parts: &mut NameParts) -> (&'n str, bool) {
    let regional = name
        .split_once('.')
        .filter(|(first, _)| matches!(*first, "us" | "eu" | "apac" | "global"));
    let rest = regional.map_or(name, |(_, rest)| rest);
    match rest.split_once('.') {
        Some((provider, rest)) if PROVIDERS.contains(&provider) => {
            parts.dropped.push("the provider before the name");
            (rest, true)
        }
        _ => (name, false),
    }
}

#[cfg(test)]
mod tests;
