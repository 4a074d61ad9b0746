//! What the gate promises, on simulated commits with a fixed seed: a healthy one passes, a bad one
//! does not. Runs differ by 2 %, the minimum effect is 2 %.

use super::tests::{plain, rule, speed};
use super::*;
use crate::stats::{SEED, SplitMix64, normal_quantile};

const KINDS: [Baseline; 3] = [Baseline::Previous, Baseline::Median(5), Baseline::Best];

fn run(random: &mut SplitMix64, level: f64) -> f64 {
    let z = normal_quantile(random.uniform() + f64::EPSILON / 4.0).unwrap();
    level * (0.02 * z).exp()
}

/// Shares of `commits` that end fine and bad, where the first of `count` series with `history`
/// earlier runs changed by `change`.
fn shares(
    kind: Baseline,
    (count, history): (usize, usize),
    change: f64,
    commits: usize,
) -> [f64; 2] {
    let mut random = SplitMix64::new(SEED + history as u64);
    let mut shares = [0.0; 2];
    for _ in 0..commits {
        let one = |i: usize| {
            let earlier: Vec<f64> = (0..history).map(|_| run(&mut random, 100.0)).collect();
            let level = if i == 0 {
                100.0 * (1.0 + change)
            } else {
                100.0
            };
            speed(&format!("metric {i:03}"), &earlier, run(&mut random, level))
        };
        let series: Vec<Gated> = (0..count).map(one).collect();
        let outcome = check(&series, rule(kind)).unwrap().outcome;
        shares[0] += f64::from(outcome == GateOutcome::Fine) / commits as f64;
        shares[1] += f64::from(outcome == GateOutcome::Bad) / commits as f64;
    }
    shares
}

#[test]
#[ignore = "three seconds in a release build, half a minute in a debug build"]
fn of_a_thousand_healthy_commits_at_least_970_pass() {
    let sizes = [(1, 3), (1, 5), (1, 10), (1, 30), (20, 10)];
    for kind in KINDS {
        for size in sizes {
            let [fine, bad] = shares(kind, size, 0.0, 1000);
            assert!(fine >= 0.97, "{kind:?} {size:?}: {fine}");
            assert!((fine + bad - 1.0).abs() < 1e-9, "{kind:?} {size:?}: {bad}");
        }
    }
}

#[test]
#[ignore = "two seconds in a release build, a quarter of a minute in a debug build"]
fn of_a_thousand_healthy_commits_with_two_hundred_series_at_least_970_pass() {
    let [fine, _] = shares(Baseline::Median(5), (200, 5), 0.0, 1000);
    assert!(fine >= 0.97, "{fine}");
}

#[test]
#[ignore = "one second in a release build, ten in a debug build"]
fn a_loss_of_ten_percent_is_seen() {
    // One series in trouble: alone, and among twenty healthy ones, where Holm asks for p ≤ 0.0025.
    for (kind, size, power) in [
        (Baseline::Previous, (1, 5), 0.78),
        (Baseline::Previous, (1, 30), 0.93),
        (Baseline::Median(5), (1, 5), 0.88),
        (Baseline::Median(5), (1, 10), 0.96),
        (Baseline::Best, (1, 10), 0.97),
        (Baseline::Previous, (20, 10), 0.40),
        (Baseline::Median(5), (20, 10), 0.62),
        (Baseline::Best, (20, 10), 0.68),
    ] {
        let [_, bad] = shares(kind, size, -0.1, 500);
        assert!(bad >= power, "{kind:?} {size:?}: {bad}");
    }
}

#[test]
#[ignore = "a fifth of a second in a release build, two in a debug build"]
fn the_change_called_detectable_is_detected_about_four_times_in_five() {
    let mut random = SplitMix64::new(SEED);
    let mut found = 0.0;
    for _ in 0..2000 {
        let history: Vec<f64> = (0..20).map(|_| run(&mut random, 100.0)).collect();
        // √(1 + π/10) of 2 % times t₁₉ of 0.975 and 0.8: the change for the noise as it is.
        let change: f64 = -0.022_928 * (2.093 + 0.861);
        let new = run(&mut random, 100.0 * change.exp());
        let gate = check(&[speed("a", &history, new)], rule(Baseline::Median(5))).unwrap();
        found += f64::from(gate.outcome == GateOutcome::Bad) / 2000.0;
    }
    assert!((0.75..=0.85).contains(&found), "{found}");
    let history: Vec<f64> = (0..20).map(|_| run(&mut random, 100.0)).collect();
    let gate = check(&[speed("a", &history, 100.0)], rule(Baseline::Median(5))).unwrap();
    let promised = gate.comparisons[0].smallest_detectable.unwrap();
    assert!((4.0..=10.0).contains(&promised), "{promised}");
    assert_eq!(plain(&gate), "a: unchanged or undecided");
}
