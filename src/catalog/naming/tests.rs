//! Every name of the collection of spellings that has been seen, and what must never be proposed.

use proptest::prelude::*;

use super::*;

fn are_one(a: &str, b: &str) -> bool {
    !suggest(&[a, b]).is_empty()
}

/// Every two of the names are proposed as one.
fn assert_one(names: &[&str]) {
    for a in names {
        for b in names.iter().filter(|b| *b != a) {
            assert!(are_one(a, b), "{a} | {b}\n{:?}\n{:?}", parts(a), parts(b));
        }
    }
}

/// No two of the names are proposed as one.
fn assert_apart(names: &[&str]) {
    let found = suggest(names);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn folders_owners_and_double_underscores_are_no_other_model() {
    assert_one(&[
        "Qwen/Qwen1.5-4B-Chat",
        "/data/public_models/huggingface/Qwen/Qwen1.5-4B-Chat",
        "__data__public_models__huggingface__Qwen__Qwen1.5-4B-Chat",
        "Qwen1.5-4B-Chat",
        "models--Qwen--Qwen1.5-4B-Chat",
        "qwen1_5-4b-chat",
    ]);
}

#[test]
fn one_tool_meets_one_model_under_the_names_of_its_hosts() {
    assert_one(&[
        "meta-llama/Llama-2-7b-chat-hf",
        "together_ai/togethercomputer/llama-2-7b-chat",
    ]);
    assert_one(&[
        "accounts/fireworks/models/llama-v2-13b-chat",
        "meta.llama2-13b-chat-v1",
    ]);
    // Sizes, a context length that may be a variant, and a commit.
    assert_apart(&[
        "meta-llama/Llama-2-70b-chat-hf",
        "llama2-70b-4096",
        "together_ai/togethercomputer/llama-2-7b-chat",
        "accounts/fireworks/models/llama-v2-13b-chat",
        "meta/llama-2-7b-chat:13c3cd…",
    ]);
}

#[test]
fn an_old_hub_name_is_the_same_and_a_quantised_copy_is_not() {
    assert_one(&[
        "meta-llama/Llama-3.1-8B-Instruct",
        "meta-llama/Meta-Llama-3.1-8B-Instruct",
    ]);
    let copy = parts("hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4");
    assert_eq!(copy.key, "llama-3-1-8b-instruct");
    assert_eq!(copy.quantization.as_deref(), Some("awq_int4"));
    assert_apart(&[
        "meta-llama/Llama-3.1-8B-Instruct",
        "hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4",
    ]);
}

#[test]
fn a_file_and_a_type_of_one_quantisation_are_one() {
    assert_one(&["/models/gguf/gpt-oss-20b-F16.gguf", "gpt-oss 20B F16"]);
    assert_one(&[
        "/home/somebody/gpt-oss-20b-mxfp4.gguf",
        "gpt-oss 20B MXFP4 MoE",
    ]);
    assert_apart(&[
        "openai/gpt-oss-20b",
        "/models/gguf/gpt-oss-20b-F16.gguf",
        "gpt-oss 20B MXFP4 MoE",
    ]);
}

#[test]
fn a_creator_and_a_host_are_one() {
    assert_one(&["openai/gpt2", "huggingface/gpt2", "gpt2", "GPT-2"]);
}

#[test]
fn size_version_and_step_keep_checkpoints_apart() {
    assert_apart(&[
        "EleutherAI/pythia-v1.1-1.4b,revision=step143000",
        "eleutherai/pythia-1b-v0",
        "EleutherAI/pythia-v1.1-1.4b",
        "EleutherAI/pythia-v1.1-1.4b,revision=step1000",
    ]);
    assert_one(&[
        "EleutherAI/pythia-1.4b,revision=step143000",
        "pythia-1.4b@step143000",
    ]);
}

#[test]
fn a_raised_three_is_a_three_and_sft_is_another_model() {
    assert_one(&["Memory³-2B-SFT", "Memory3-2B-SFT"]);
    assert_apart(&["Memory³-2B-SFT", "Memory3-2B"]);
}

#[test]
fn what_makes_another_model_is_never_proposed() {
    for (a, b) in [
        ("Qwen/Qwen1.5-4B", "Qwen/Qwen1.5-4B-Chat"),
        ("Llama-3-8B", "Llama-3-8B-Instruct"),
        ("Llama-3-8B-Base", "Llama-3-8B-Instruct"),
        ("Qwen2-7B", "Qwen2-1.5B"),
        ("Qwen2-15B", "Qwen2-1.5B"),
        ("Llama-3-8B", "Llama-3.1-8B"),
        ("Llama-31-8B", "Llama-3.1-8B"),
        ("Llama-3-1.8B", "Llama-3.1-8B"),
        ("Llama2-7B", "Llama-2.7B"),
        ("Qwen-4B", "Qwen1.5-4B"),
        ("aurora-7b-Q4_K_M.gguf", "aurora-7b-Q4_K_S.gguf"),
        ("aurora-7b-Q4_K_M.gguf", "aurora-7b"),
        ("aurora-7b-fp8", "aurora-7b-bf16"),
        ("aurora-7b-UD-Q4_K_XL", "aurora-7b-Q4_K_XL"),
        ("out/checkpoint-500", "out/checkpoint-1000"),
        ("a/checkpoint-500", "b/checkpoint-500"),
        ("aurora-7b@v1", "aurora-7b@v2"),
        ("model", "/srv/model"),
        (
            "mistral.mistral-7b-instruct-v0:2",
            "Mistral-7B-Instruct-v0.1",
        ),
        ("Mixtral-8x7B", "Mixtral-8x22B"),
    ] {
        assert!(!are_one(a, b), "{a} | {b}\n{:?}\n{:?}", parts(a), parts(b));
    }
}

#[test]
fn decorations_are_never_another_model() {
    for names in [
        [
            "org/aurora-7b-q4_k_m.gguf",
            "aurora-7B-Q4_K_M-00001-of-00003.gguf",
        ],
        ["aurora 7B Q4_K - Medium", "aurora-7b.Q4_K_M.gguf"],
        ["ollama/qwen2.5:0.5b", "Qwen2.5-0.5B"],
        ["ollama/aurora:latest", "aurora"],
        [
            "claude-3-5-sonnet-20241022",
            "anthropic.claude-3.5-sonnet-20241022-v1:0",
        ],
        [
            "mistral.mistral-7b-instruct-v0:2",
            "Mistral-7B-Instruct-v0.2",
        ],
        ["aurora-7b-fp16", "aurora-7b-F16"],
        ["aurora-7b", "acme/aurora-7b@main"],
    ] {
        assert_one(&names);
    }
    let cached =
        "/cache/models--acme--aurora-7b/snapshots/0123456789abcdef0123456789abcdef01234567";
    assert_eq!(
        parts(cached).revision.as_deref(),
        Some("0123456789abcdef0123456789abcdef01234567")
    );
    assert_eq!(parts(cached).owner.as_deref(), Some("acme"));
}

#[test]
fn a_name_falls_into_its_parts() {
    assert_eq!(
        parts("Acme/Aurora-1.5-8x7B-Chat-hf"),
        NameParts {
            key: "aurora-1-5-8x7b-chat".into(),
            size: "8x7b".into(),
            quantization: None,
            revision: None,
            owner: Some("Acme".into()),
            dropped: vec!["the owner before the name", "`-hf` at the end"],
        }
    );
}

#[test]
fn the_hub_name_is_proposed_and_the_difference_said() {
    let names = [
        "aurora_7b",
        "Acme/Aurora-7B",
        "aurora-7b",
        "Acme/Aurora-7B",
        "/srv/Aurora-7B",
        "other/Aurora-7B",
    ];
    let found: Vec<_> = suggest(&names)
        .into_iter()
        .map(|s| (s.a, s.b, s.reason))
        .collect();
    let row = |b: &str, reason: &str| {
        let reason = format!("the names differ in {reason}");
        ("Acme/Aurora-7B".to_owned(), b.to_owned(), reason)
    };
    assert_eq!(
        found,
        [
            row("aurora_7b", "the owner before the name"),
            row("aurora-7b", "the owner before the name"),
            row("/srv/Aurora-7B", "the owner before the name, folders"),
            row("other/Aurora-7B", "the owner (`Acme`, `other`)"),
        ]
    );
    assert_eq!(
        suggest(&["gpt2", "GPT-2"])[0].reason,
        "the names differ in case and separators alone"
    );
}

#[test]
fn each_of_many_names_is_paired_once() {
    let names: Vec<String> = (0..2_000)
        .map(|i| format!("/run/{i}/Aurora-{}B", i % 2 + 1))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(suggest(&names).len(), 1_998);
}

proptest! {
    #[test]
    fn never_panics(name in "[a-zA-Z0-9³:/@,._\\- ]{0,40}|\\PC{0,30}") {
        let upper = name.to_uppercase();
        prop_assert!(suggest(&[&name, &upper]).len() < 2);
    }

    #[test]
    fn case_and_folders_never_matter(name in "[a-z]{2,8}[0-9]?-[1-9]b(-chat)?(-q4_0)?") {
        let other = format!("/srv/{}.gguf", name.to_uppercase());
        prop_assert_eq!(are_one(&name, &other), true);
    }

    #[test]
    fn two_sizes_are_never_one(name in "[a-z]{2,8}", a in "[1-9]\\.?[0-9]?", b in "[1-9]\\.?[0-9]?") {
        prop_assume!(a.trim_end_matches('.') != b.trim_end_matches('.'));
        let (a, b) = (format!("{name}-{a}b"), format!("{name}-{b}b"));
        prop_assert!(!are_one(&a, &b), "{a} | {b}");
    }
}
