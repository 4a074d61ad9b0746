//! The quantisation or number format that ends a name, in one spelling.

/// Words that are a quantisation, a number format or a part of one.
const WORDS: [&str; 40] = [
    // Number formats.
    "f16", "fp16", "bf16", "f32", "fp32", "float16", "bfloat16", "fp8", "fp4", "int8", "int4",
    "nf4", "mxfp4", "nvfp4", "e4m3", "e5m2", // Bits.
    "2bit", "3bit", "4bit", "5bit", "6bit", "8bit", "4bits",
    "8bits", // Methods and containers.
    "awq", "gptq", "bnb", "exl2", "exl3", "hqq", "aqlm", "quanto", "quark", "torchao", "int4wo",
    "int8wo", "gguf", "mlx", "ud", "kv",
];
/// Words that are only ever said of a quantisation before them.
const AFTER: [&str; 5] = ["dynamic", "static", "kv", "moe", "128g"];

/// The last pieces of a name that may be a quantisation: no scheme has more.
const LONGEST: usize = 10;

/// Takes the quantisation off the end of a name that keeps at least one other piece.
pub(super) fn take(pieces: &mut Vec<String>) -> Option<String> {
    let first = pieces.len().saturating_sub(LONGEST).max(1);
    let at = (first..pieces.len()).find(|&at| pieces.get(at..).is_some_and(is_scheme))?;
    let taken = pieces.split_off(at);
    let words: Vec<&str> = taken
        .iter()
        .map(|word| match word.as_str() {
            "fp16" | "float16" => "f16",
            "bfloat16" => "bf16",
            "fp32" => "f32",
            // llama.cpp's type of a model: `Q4_K - Medium`.
            "small" => "s",
            "medium" => "m",
            "large" => "l",
            word => word,
        })
        // llama.cpp says of a type that it is a mixture; the file's name does not.
        .filter(|word| *word != "moe")
        .collect();
    Some(words.join("_"))
}

/// Whether pieces are a quantisation and nothing else.
fn is_scheme(pieces: &[String]) -> bool {
    let words: Vec<&str> = pieces.iter().map(String::as_str).collect();
    let mut rest = words.as_slice();
    let mut is_first = true;
    while let [word, after @ ..] = rest {
        rest = if let Some(count) = ggml(word, after) {
            after.get(count..).unwrap_or_default()
        } else if WORDS.contains(word) && !(is_first && *word == "kv")
            || is_weights_and_activations(word)
            || !is_first && AFTER.contains(word)
        {
            after
        } else {
            return false;
        };
        is_first = false;
    }
    !is_first
}

/// How many pieces after `q4`, `iq2` or `tq1` belong to it: `0`, `k`, `k`+`m`, `xxs`.
fn ggml(word: &str, after: &[&str]) -> Option<usize> {
    let bits = ["iq", "tq", "q"]
        .iter()
        .find_map(|start| word.strip_prefix(start))?;
    let is_digit = |text: &str| text.len() == 1 && text.bytes().all(|b| b.is_ascii_digit());
    if !is_digit(bits) {
        return None;
    }
    const SIZES: [&str; 10] = [
        "xxs", "xs", "s", "m", "l", "xl", "nl", "small", "medium", "large",
    ];
    Some(match after {
        ["k", size, ..] if SIZES.contains(size) => 2,
        ["k", ..] => 1,
        [size, ..] if SIZES.contains(size) || is_digit(size) => 1,
        _ => 0,
    })
}

/// `w4a16`, `w8a8`: bits of weights and activations.
fn is_weights_and_activations(word: &str) -> bool {
    let bits =
        |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    word.strip_prefix('w')
        .and_then(|rest| rest.split_once('a'))
        .is_some_and(|(weights, activations)| bits(weights) && bits(activations))
}
