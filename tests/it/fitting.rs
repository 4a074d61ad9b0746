//! Fits of more than a line, from a table file.

use super::harness::Workspace;

const RUNS: &str = "model,gpu,batch,depth,tok_s,tok_s_stderr\n\
    a,x,1,0,10,1\nb,x,2,1,19,1\nc,x,4,0,35,2\nd,x,8,1,60,2\n\
    e,y,16,3,100,4\nf,y,32,2,150,4\ng,y,64,3,200,5\n";

fn fit(options: &[&str]) -> serde_json::Value {
    let workspace = Workspace::new();
    workspace.file("runs.csv", RUNS);
    let rows = ["fit", "--data", "runs.csv", "--x", "batch", "--y", "tok_s"];
    workspace.json(&[&rows[..], options].concat())
}

fn terms(fit: &serde_json::Value) -> Vec<(String, f64)> {
    let terms = fit["ols"]["coefficients"].as_array().unwrap().iter();
    terms
        .map(|t| {
            let estimate = t["estimate"].as_f64().unwrap();
            (
                t["term"].as_str().unwrap().to_owned(),
                (estimate * 1e4).round() / 1e4,
            )
        })
        .collect()
}

fn named(terms: &[(&str, f64)]) -> Vec<(String, f64)> {
    terms
        .iter()
        .map(|(name, value)| ((*name).to_owned(), *value))
        .collect()
}

// The expected values: statsmodels 0.14, OLS and WLS on the same rows.
#[test]
fn several_predictors_and_powers_have_a_coefficient_each() {
    let several = fit(&["--x", "depth"]);
    assert_eq!(
        terms(&several),
        named(&[
            ("intercept", 17.7025),
            ("batch", 2.3671),
            ("depth", 14.9462)
        ])
    );
    assert!(several["pearson"].is_null() && several["theil_sen"].is_null());
    assert_eq!(several["n"], 7);
    let square = fit(&["--degree", "2"]);
    assert_eq!(
        terms(&square),
        named(&[
            ("intercept", 8.8689),
            ("batch", 6.2023),
            ("batch^2", -0.0505)
        ])
    );
    // The correlations are those of the rows, whatever is fitted to them.
    assert_eq!(square["kendall"]["tau"], 1.0);
    assert!(
        square["verdict"]
            .as_str()
            .unwrap()
            .starts_with("larger values of batch")
    );
}

#[test]
fn a_weighted_fit_through_the_origin_names_both() {
    let fit = fit(&["--through-origin", "--weights", "stderr"]);
    assert_eq!(terms(&fit), named(&[("batch", 4.1474)]));
    assert_eq!(fit["ols"]["weights"], "1/stderr^2");
    assert_eq!(fit["ols"]["through_origin"], true);
    assert!(fit["ols"]["intercept"].is_null());
    assert_eq!(
        fit["ols"]["slope"],
        fit["ols"]["coefficients"][0]["estimate"]
    );
}

#[test]
fn groups_without_a_model_say_why_and_a_single_one_is_refused() {
    let workspace = Workspace::new();
    workspace.file("runs.csv", RUNS);
    let rows = ["fit", "--data", "runs.csv", "--x", "batch", "--y", "tok_s"];
    let groups = workspace.json(&[&rows[..], &["--x", "depth", "--by", "gpu"]].concat());
    assert_eq!(groups["groups"][0]["n"], 4);
    assert!(groups["groups"][1]["ols"].is_null());
    assert_eq!(
        groups["groups"][1]["verdict"],
        "tok_s on batch and depth: no such model can be fitted: needs at least 4 values, got 3, n = 3"
    );
    insta::assert_snapshot!(workspace.refused(&[&rows[..], &["--x", "batch"]].concat()), @r"
    error: tok_s on batch and batch: no such model can be fitted: the predictors nearly depend on each other: condition number about 10^16, n = 7
    hint: leave a predictor out, or give more rows
    ");
    insta::assert_snapshot!(
        workspace.refused(&["plot", "--data", "runs.csv", "--x", "batch", "--x", "depth", "--y", "tok_s", "-o", "a.svg"]),
        @r"
    error: `--x` is given several times
    hint: only `fit` takes several predictors; a chart has one horizontal axis
    "
    );
    assert_eq!(workspace.names(), ["runs.csv"]);
}
