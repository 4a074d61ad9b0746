//! The metrics the field knows by name: what they measure, which way is better, and how a person
//! calls them. A name that is not here keeps what its unit says, and no direction is guessed.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use super::metric::{Direction, Kind};
use super::quick::Quick;

/// A well-known metric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// The canonical name.
    pub name: &'static str,
    /// What it measures.
    pub kind: Kind,
    /// Which way is better; `None` where it has no better.
    pub direction: Option<Direction>,
    /// How a person calls it, for axis titles.
    pub title: &'static str,
}

const HIGHER: Option<Direction> = Some(Direction::Higher);
const LOWER: Option<Direction> = Some(Direction::Lower);

/// One row a metric: canonical name, other spellings, kind, direction, title.
type Row = (
    &'static str,
    &'static [&'static str],
    Kind,
    Option<Direction>,
    &'static str,
);

#[rustfmt::skip]
const METRICS: &[Row] = &[
    // Quality, by the names of lm-evaluation-harness, HELM and the leaderboards.
    ("score", &["avg_score", "mean_score"], Kind::Quality, HIGHER, "score"),
    ("average", &["avg", "mean_acc"], Kind::Quality, HIGHER, "average score"),
    ("acc", &["accuracy"], Kind::Quality, HIGHER, "accuracy"),
    ("acc_norm", &[], Kind::Quality, HIGHER, "length-normalised accuracy"),
    ("acc_bytes", &[], Kind::Quality, HIGHER, "byte-normalised accuracy"),
    ("acc_all", &[], Kind::Quality, HIGHER, "accuracy, all answers right"),
    ("acc_mutual_info", &[], Kind::Quality, HIGHER, "accuracy, mutual information"),
    ("exact_match", &["em", "exact", "qem", "quasi_exact_match"], Kind::Quality, HIGHER, "exact match"),
    ("f1", &["f1_score", "macro_f1", "micro_f1"], Kind::Quality, HIGHER, "F1"),
    ("mcc", &[], Kind::Quality, HIGHER, "Matthews correlation"),
    ("mc1", &["truthfulqa_mc1"], Kind::Quality, HIGHER, "MC1"),
    ("mc2", &["truthfulqa_mc2"], Kind::Quality, HIGHER, "MC2"),
    ("r@1", &[], Kind::Quality, HIGHER, "recall at 1"),
    ("r@2", &[], Kind::Quality, HIGHER, "recall at 2"),
    ("recall", &[], Kind::Quality, HIGHER, "recall"),
    ("precision", &[], Kind::Quality, HIGHER, "precision"),
    ("mrr", &[], Kind::Quality, HIGHER, "mean reciprocal rank"),
    ("pass@1", &["pass_at_1"], Kind::Quality, HIGHER, "pass@1"),
    ("pass@5", &["pass_at_5"], Kind::Quality, HIGHER, "pass@5"),
    ("pass@10", &["pass_at_10"], Kind::Quality, HIGHER, "pass@10"),
    ("pass@100", &["pass_at_100"], Kind::Quality, HIGHER, "pass@100"),
    ("bleu", &["sacrebleu"], Kind::Quality, HIGHER, "BLEU"),
    ("chrf", &["chrf++"], Kind::Quality, HIGHER, "chrF"),
    ("rouge1", &["rouge_1"], Kind::Quality, HIGHER, "ROUGE-1"),
    ("rouge2", &["rouge_2"], Kind::Quality, HIGHER, "ROUGE-2"),
    ("rougeL", &["rouge_l", "rougelsum"], Kind::Quality, HIGHER, "ROUGE-L"),
    ("win_rate", &["winrate", "lc_win_rate", "mean_win_rate"], Kind::Quality, HIGHER, "win rate"),
    ("elo", &["arena_elo", "elo_rating", "rating"], Kind::Quality, HIGHER, "Elo rating"),
    ("mmlu", &["mmlu_score"], Kind::Quality, HIGHER, "MMLU"),
    ("mmlu_pro", &[], Kind::Quality, HIGHER, "MMLU-Pro"),
    ("gsm8k", &[], Kind::Quality, HIGHER, "GSM8K"),
    ("math", &["math_500"], Kind::Quality, HIGHER, "MATH"),
    ("humaneval", &["human_eval"], Kind::Quality, HIGHER, "HumanEval"),
    ("mbpp", &[], Kind::Quality, HIGHER, "MBPP"),
    ("hellaswag", &[], Kind::Quality, HIGHER, "HellaSwag"),
    ("arc", &["arc_challenge", "arc_c"], Kind::Quality, HIGHER, "ARC challenge"),
    ("arc_easy", &["arc_e"], Kind::Quality, HIGHER, "ARC easy"),
    ("winogrande", &[], Kind::Quality, HIGHER, "WinoGrande"),
    ("truthfulqa", &["truthful_qa"], Kind::Quality, HIGHER, "TruthfulQA"),
    ("gpqa", &["gpqa_diamond"], Kind::Quality, HIGHER, "GPQA"),
    ("bbh", &[], Kind::Quality, HIGHER, "BBH"),
    ("ifeval", &[], Kind::Quality, HIGHER, "IFEval"),
    ("musr", &[], Kind::Quality, HIGHER, "MuSR"),
    ("boolq", &[], Kind::Quality, HIGHER, "BoolQ"),
    ("piqa", &[], Kind::Quality, HIGHER, "PIQA"),
    ("drop", &[], Kind::Quality, HIGHER, "DROP"),
    ("triviaqa", &["trivia_qa"], Kind::Quality, HIGHER, "TriviaQA"),
    ("livebench", &[], Kind::Quality, HIGHER, "LiveBench"),
    ("livecodebench", &[], Kind::Quality, HIGHER, "LiveCodeBench"),
    ("mt_bench", &["mtbench"], Kind::Quality, HIGHER, "MT-Bench"),
    ("error_rate", &[], Kind::Quality, LOWER, "error rate"),
    ("extractive_match", &[], Kind::Quality, HIGHER, "extractive match"),
    ("prefix_exact_match", &[], Kind::Quality, HIGHER, "prefix exact match"),
    ("bbq_accuracy", &[], Kind::Quality, HIGHER, "BBQ accuracy"),
    ("prompt_level_strict_acc", &[], Kind::Quality, HIGHER, "prompt-level accuracy, strict"),
    ("prompt_level_loose_acc", &[], Kind::Quality, HIGHER, "prompt-level accuracy, loose"),
    ("inst_level_strict_acc", &[], Kind::Quality, HIGHER, "instruction-level accuracy, strict"),
    ("inst_level_loose_acc", &[], Kind::Quality, HIGHER, "instruction-level accuracy, loose"),
    ("likelihood_diff", &[], Kind::Quality, None, "likelihood difference"),
    ("pct_stereotype", &[], Kind::Quality, None, "share of stereotypes"),
    ("perplexity", &["ppl"], Kind::Quality, LOWER, "perplexity"),
    ("word_perplexity", &[], Kind::Quality, LOWER, "word perplexity"),
    ("byte_perplexity", &[], Kind::Quality, LOWER, "byte perplexity"),
    ("bits_per_byte", &["bpb"], Kind::Quality, LOWER, "bits per byte"),
    ("loss", &["eval_loss", "nll"], Kind::Quality, LOWER, "loss"),
    ("brier_score", &["brier"], Kind::Quality, LOWER, "Brier score"),
    ("ece", &["ece_10_bin"], Kind::Quality, LOWER, "expected calibration error"),
    ("wer", &[], Kind::Quality, LOWER, "word error rate"),
    ("cer", &[], Kind::Quality, LOWER, "character error rate"),
    ("ter", &[], Kind::Quality, LOWER, "translation edit rate"),
    ("mae", &[], Kind::Quality, LOWER, "mean absolute error"),
    ("rmse", &[], Kind::Quality, LOWER, "root mean squared error"),
    // Speed, by the names of vLLM and llama-bench.
    ("output_throughput", &["generation_throughput"], Kind::Speed, HIGHER, "output throughput"),
    ("total_token_throughput", &["total_throughput"], Kind::Speed, HIGHER, "total token throughput"),
    ("input_throughput", &[], Kind::Speed, HIGHER, "input throughput"),
    ("request_throughput", &["requests_per_second", "requests_per_s"], Kind::Speed, HIGHER, "request throughput"),
    ("request_goodput", &[], Kind::Speed, HIGHER, "request goodput"),
    ("prefill_throughput", &["prompt_throughput", "prefill_tok_s", "pp_tok_s"], Kind::Speed, HIGHER, "prefill throughput"),
    ("decode_throughput", &["decode_tok_s", "decoding_speed", "decode_speed", "tg_tok_s"], Kind::Speed, HIGHER, "decode throughput"),
    ("speed", &["tok_s", "tokens_per_s", "tokens_per_second", "tok_per_s", "speed_tok_s", "throughput", "throughput_tok_s"], Kind::Speed, HIGHER, "speed"),
    ("peak_output_throughput", &["max_output_tokens_per_s"], Kind::Speed, HIGHER, "peak output throughput"),
    ("combined_throughput", &[], Kind::Speed, HIGHER, "prefill and decode throughput"),
    ("sample_throughput", &[], Kind::Speed, HIGHER, "sample throughput"),
    ("scheduled_sample_throughput", &[], Kind::Speed, HIGHER, "scheduled sample throughput"),
    ("output_throughput_per_user", &[], Kind::Speed, HIGHER, "output throughput per user"),
    ("output_throughput_per_gpu", &[], Kind::Speed, HIGHER, "output throughput per GPU"),
    ("decode_speed_per_user", &[], Kind::Speed, HIGHER, "decode speed per user"),
    ("rtfx", &[], Kind::Speed, HIGHER, "inverse real-time factor"),
    ("ttft", &["time_to_first_token"], Kind::Latency, LOWER, "time to first token"),
    ("tpot", &["time_per_output_token"], Kind::Latency, LOWER, "time per output token"),
    ("itl", &["inter_token_latency"], Kind::Latency, LOWER, "inter-token latency"),
    ("e2el", &["e2e_latency", "end_to_end_latency"], Kind::Latency, LOWER, "end-to-end latency"),
    ("latency", &["avg_latency", "mean_latency"], Kind::Latency, LOWER, "latency"),
    ("execution_time", &[], Kind::Latency, LOWER, "execution time"),
    ("iteration_time", &[], Kind::Latency, LOWER, "iteration time"),
    ("generation_latency", &[], Kind::Latency, LOWER, "generation latency"),
    ("test_time", &["avg_ns"], Kind::Latency, LOWER, "time of one test"),
    ("duration", &["elapsed_time", "benchmark_duration", "wall_time"], Kind::Count, None, "duration"),
    ("completed", &["completed_requests", "num_completed_requests"], Kind::Count, None, "completed requests"),
    ("failed", &["failed_requests", "errors"], Kind::Count, LOWER, "failed requests"),
    ("total_input_tokens", &[], Kind::Count, None, "input tokens"),
    ("total_output_tokens", &[], Kind::Count, None, "output tokens"),
    ("total_tokens", &["total_num_tokens"], Kind::Count, None, "tokens"),
    ("rank", &["ranking", "rank_stylectrl"], Kind::Count, LOWER, "rank"),
    ("votes", &["num_votes"], Kind::Count, None, "votes"),
    ("peak_concurrency", &["max_concurrent_requests"], Kind::Count, None, "peak concurrent requests"),
    // Memory, energy, money.
    ("memory", &["peak_memory", "vram", "max_memory", "gpu_memory"], Kind::Memory, LOWER, "memory"),
    ("power", &["avg_power"], Kind::Energy, LOWER, "power"),
    ("energy", &["energy_consumption"], Kind::Energy, LOWER, "energy"),
    ("cost", &["cost_usd", "price", "total_cost", "price_usd"], Kind::Cost, LOWER, "cost"),
];

/// A well-known metric by its name or another spelling of it: case, spaces and hyphens do not matter.
pub fn find(written: &str) -> Option<Known> {
    static BY_SPELLING: LazyLock<HashMap<String, Known, BuildHasherDefault<Quick>>> =
        LazyLock::new(|| {
            let spellings = METRICS.iter().flat_map(|row| {
                let &(name, others, kind, direction, title) = row;
                let known = Known {
                    name,
                    kind,
                    direction,
                    title,
                };
                std::iter::once(&row.0)
                    .chain(others)
                    .map(move |spelling| (fold(spelling), known))
            });
            spellings.collect()
        });
    // Most names are written as they stand in the table.
    let found = match is_folded(written) {
        true => BY_SPELLING.get(written),
        false => BY_SPELLING.get(&fold(written)),
    };
    found.copied()
}

/// Whether [`fold`] would leave the name as it is; not known of letters beyond ASCII.
fn is_folded(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase() && b != b'-')
}

fn fold(name: &str) -> String {
    let lower = name.trim().chars().flat_map(char::to_lowercase);
    lower
        .map(|c| if c == ' ' || c == '-' { '_' } else { c })
        .collect()
}

/// How a person calls a metric: its title when it is known, the name itself otherwise.
pub fn title(name: &str) -> &str {
    METRICS
        .iter()
        .find(|row| row.0 == name)
        .map_or(name, |row| row.4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_means_two_metrics() {
        let mut seen = std::collections::HashMap::new();
        for row in METRICS {
            for spelling in std::iter::once(&row.0).chain(row.1) {
                if let Some(other) = seen.insert(fold(spelling), row.0) {
                    panic!("`{spelling}` means `{}` and `{other}`", row.0);
                }
            }
        }
    }

    #[test]
    fn spelling_variants_are_one_metric() {
        for written in ["exact_match", "EM", "Exact Match", "exact-match", " em\t"] {
            assert_eq!(find(written).unwrap().name, "exact_match");
        }
        assert_eq!(find("ppl").unwrap().direction, Some(Direction::Lower));
        assert_eq!(find("frobnication"), None);
    }
}
