//! Every benchmark result of your language models in one SQLite file.
//!
//! The crate is a house of six floors; a folder uses lower floors only, and folders on one floor do
//! not know each other.
//!
//! | floor | folder | what it is | the only home of |
//! |---|---|---|---|
//! | 5 | [`cli`] | arguments, streams, clock, environment, exit codes | clap, anyhow |
//! | 4 | [`report`] | sections of text, tables and charts | |
//! | 3 | [`output`], [`chart`] | rows to bytes; findings to pictures | plotters, resvg |
//! | 2 | [`analysis`] | a frame in, findings out: fit, frontier | |
//! | 1 | [`store`], [`query`], [`import`] | SQLite; saved queries as text; foreign files to a batch | rusqlite |
//! | 0 | [`catalog`], [`stats`] | the nouns; numbers only | statrs |
//!
//! A result file flows up through `import` into a [`catalog::Batch`], which `cli` hands to `store`;
//! a question flows from `query` text through `store` to rows, from rows to a frame, from a frame
//! through `analysis` to findings, and from there through `chart`, `output` and `report` to bytes.
//!
//! What is nowhere below `cli`: printing, the clock, the environment, the terminal. What is nowhere
//! outside `store`, `queries/` and `migrations/`: SQL text. `analysis` never touches a file.
//!
//! This library exists for the program beside it; it makes no promise of a stable interface.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::float_cmp,
        reason = "a test stops at the first surprise"
    )
)]

pub mod catalog;
pub mod stats;

pub mod import;
pub mod query;
pub mod store;

pub mod analysis;

pub mod chart;
pub mod output;

pub mod report;

pub mod cli;
