//! How well found changes match annotated ones, for tests: the two scores of the Turing change
//! point benchmark.
//!
//! Source: van den Burg and Williams, "An evaluation of change point detection algorithms",
//! arXiv:2003.06222 (2020), section 4.

use super::truths::{indices, reference_file};

/// F1 with every annotator's set and the predictions starting at 0, matches within `margin`.
pub(super) fn f1(annotations: &[Vec<usize>], predictions: &[usize], margin: usize) -> f64 {
    let with_start = |places: &[usize]| {
        let mut places = [&[0], places].concat();
        places.sort_unstable();
        places.dedup();
        places
    };
    let annotators: Vec<Vec<usize>> = annotations.iter().map(|set| with_start(set)).collect();
    let predicted = with_start(predictions);
    let union = with_start(&annotators.concat());
    let precision = matched(&union, &predicted, margin) / predicted.len() as f64;
    let recalls = annotators
        .iter()
        .map(|set| matched(set, &predicted, margin) / set.len() as f64);
    let recall = recalls.sum::<f64>() / annotators.len() as f64;
    2.0 * precision * recall / (precision + recall)
}

/// How many of the true places have a prediction of their own within `margin`.
pub(super) fn matched(truth: &[usize], predicted: &[usize], margin: usize) -> f64 {
    let mut free = predicted.to_vec();
    let mut found = 0.0;
    for place in truth {
        let near = |other: &usize| other.abs_diff(*place) <= margin;
        let candidates = free.iter().enumerate().filter(|(_, other)| near(other));
        let nearest = candidates.min_by_key(|(_, other)| other.abs_diff(*place));
        if let Some((nearest, _)) = nearest {
            free.remove(nearest);
            found += 1.0;
        }
    }
    found
}

/// Mean over annotators of Σ|A|·max J(A, P)/n over their segments A, where J is the Jaccard
/// index with the predicted segments P.
pub(super) fn covering(annotations: &[Vec<usize>], predictions: &[usize], n: usize) -> f64 {
    let segments = |places: &[usize]| {
        let mut ends = [&[0], places, &[n]].concat();
        ends.sort_unstable();
        ends.dedup();
        let pairs = ends.windows(2).map(|pair| (pair[0], pair[1]));
        pairs.collect::<Vec<_>>()
    };
    let predicted = segments(predictions);
    let jaccard = |a: (usize, usize), b: (usize, usize)| {
        let shared = a.1.min(b.1).saturating_sub(a.0.max(b.0));
        shared as f64 / (a.1 - a.0 + b.1 - b.0 - shared) as f64
    };
    let one = |set: &Vec<usize>| {
        let covered = segments(set).into_iter().map(|a| {
            let best = predicted.iter().map(|b| jaccard(a, *b));
            (a.1 - a.0) as f64 * best.fold(0.0, f64::max)
        });
        covered.sum::<f64>() / n as f64
    };
    annotations.iter().map(one).sum::<f64>() / annotations.len() as f64
}

#[test]
fn both_scores_match_the_published_examples() {
    let Some(file) = reference_file("metrics_vectors.json") else {
        return;
    };
    for (name, margin) in [("f1", 5), ("covering", 0)] {
        for case in file[name]["cases"].as_array().unwrap() {
            let annotations: Vec<Vec<usize>> = case["annotations"]
                .as_object()
                .unwrap()
                .values()
                .map(indices)
                .collect();
            let predictions = indices(&case["predictions"]);
            let found = match name {
                "f1" => f1(&annotations, &predictions, margin),
                _ => covering(
                    &annotations,
                    &predictions,
                    case["n"].as_u64().unwrap() as usize,
                ),
            };
            let expected = case[name].as_f64().unwrap();
            assert!(
                (found - expected).abs() <= 1e-12,
                "{name} {found} {expected}"
            );
        }
    }
}
