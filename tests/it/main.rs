//! The tests that need the whole program, in one binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod architecture;
mod bad_input;
mod chromium;
mod comparing;
mod corpus;
mod demo;
mod devtools;
mod fitting;
mod gating;
mod harness;
mod hostile_names;
mod hostile_sql;
mod importing;
mod joining;
mod keeping;
mod plotting;
mod reading;
mod readme;
mod reports;
mod sample;
mod saved_queries;
