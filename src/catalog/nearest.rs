//! The known word a mistyped one probably stands for, for the "did you mean" of an error.

/// The candidate nearest to `word`, if one is near enough to be worth proposing.
///
/// Near enough is an edit distance of at most a third of the word's letters (at least 1), which
/// leaves at least one letter as it was. The distance ignores case and counts one for a letter
/// inserted, left out, replaced or swapped with its neighbour (the restricted Damerau–Levenshtein
/// distance; Boytsov, *Indexing methods for approximate dictionary searching*, 2011, section 2.1).
/// Of equally near candidates the first is taken.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = letters(word);
    let limit = (word.len() / 3).max(1);
    let near = candidates.into_iter().filter_map(|candidate| {
        let letters = letters(candidate);
        if word.len().abs_diff(letters.len()) > limit {
            return None;
        }
        let distance = distance(&word, &letters);
        let keeps_a_letter = distance < word.len().max(letters.len());
        (distance <= limit && keeps_a_letter).then_some((distance, candidate))
    });
    near.min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

fn letters(word: &str) -> Vec<char> {
    word.chars().flat_map(char::to_lowercase).collect()
}

/// The distance by dynamic programming over three rows of the table of prefixes.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn between(a: &str, b: &str) -> usize {
        distance(&letters(a), &letters(b))
    }

    #[test]
    fn counts_one_for_each_edit_and_for_a_swap_of_neighbours() {
        assert_eq!(between("title", "title"), 0);
        assert_eq!(between("titel", "title"), 1);
        assert_eq!(between("kitten", "sitting"), 3);
        assert_eq!(between("", "abc"), 3);
        // The restricted distance of the textbook pair; the unrestricted one is 2.
        assert_eq!(between("ca", "abc"), 3);
    }

    #[test]
    fn proposes_the_nearest_word_and_ignores_case() {
        let keys = ["title", "param", "frontier", "x", "y"];
        assert_eq!(nearest("titel", keys), Some("title"));
        assert_eq!(nearest("Fronteer", keys), Some("frontier"));
        assert_eq!(nearest("X", keys), Some("x"));
    }

    #[test]
    fn proposes_nothing_for_a_word_unlike_all_others() {
        assert_eq!(nearest("colour", ["title", "x"]), None);
        assert_eq!(nearest("z", ["x", "y"]), None);
        assert_eq!(nearest("", ["", "x"]), None);
        assert_eq!(nearest("title", []), None);
    }

    #[test]
    fn takes_the_first_of_equally_near_words() {
        assert_eq!(nearest("bat", ["cat", "hat"]), Some("cat"));
    }

    proptest! {
        #[test]
        fn the_distance_is_symmetric_and_zero_only_for_equals(a in "[abc]{0,8}", b in "[abc]{0,8}") {
            prop_assert_eq!(between(&a, &b), between(&b, &a));
            prop_assert_eq!(between(&a, &b) == 0, a == b);
        }
    }
}
