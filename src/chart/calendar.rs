//! Ticks of a time axis: the round instants of the Gregorian calendar in UTC, written as ISO 8601 writes them, each set with
//! no more than its step needs.

use super::axis::Scale;
use super::ticks::Tick;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Monday 1970-01-05; weeks begin there.
const MONDAY: i64 = 4 * DAY;
/// Days from 0001-01-01 to 1970-01-01.
const EPOCH: i64 = 719_162;
/// Sets with more ticks are never drawn.
const MOST: i64 = 24;
/// The year 9999 ends before; a value beyond is no time.
const LAST: f64 = 2.534e11;

/// Sets of ticks, coarse to fine; none when the axis leaves the years 1 to 9999.
pub(super) fn sets(scale: &Scale) -> Vec<Vec<Tick>> {
    let (low, high) = (scale.low().ceil(), scale.high().floor());
    if low < -6.2e10 || high > LAST || low >= high {
        return Vec::new();
    }
    let (low, high) = (whole(low), whole(high));
    let years = [1000, 500, 200, 100, 50, 20, 10, 5, 2, 1].map(|step| 12 * step);
    let mut sets: Vec<Vec<Tick>> = Vec::new();
    for step in years.into_iter().chain([6, 3, 1]) {
        if (high - low) / (step * 28 * DAY) <= MOST {
            sets.push(months(low, high, step));
        }
    }
    let fine = [7 * DAY, DAY, 12 * HOUR, 6 * HOUR, 3 * HOUR, HOUR];
    let finer = [30 * MINUTE, 10 * MINUTE, 5 * MINUTE, MINUTE, 30, 10, 5, 1];
    for step in fine.into_iter().chain(finer) {
        if (high - low) / step <= MOST {
            sets.push(steps(low, high, step));
        }
    }
    sets
}

#[expect(clippy::cast_possible_truncation, reason = "bounded by the year 9999")]
fn whole(seconds: f64) -> i64 {
    seconds as i64
}

/// Firsts of every `step`-th month; of whole years the year alone is written.
fn months(low: i64, high: i64, step: i64) -> Vec<Tick> {
    let first = Date::of(low.div_euclid(DAY));
    let mut index = (first.year * 12 + first.month - 1).div_euclid(step) * step;
    let mut ticks = Vec::new();
    loop {
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
        let seconds = days_before(year, month) * DAY;
        if seconds > high {
            return ticks;
        }
        if seconds >= low && year > 0 {
            let label = if step % 12 == 0 {
                format!("{year}")
            } else {
                format!("{year:04}-{month:02}")
            };
            ticks.push(tick(seconds, label));
        }
        index += step;
    }
}

fn steps(low: i64, high: i64, step: i64) -> Vec<Tick> {
    let origin = if step == 7 * DAY { MONDAY } else { 0 };
    let first = origin + (low - origin + step - 1).div_euclid(step) * step;
    let mut ticks = Vec::new();
    let mut seconds = first;
    while seconds <= high {
        ticks.push(tick(seconds, written(seconds, step)));
        seconds += step;
    }
    ticks
}

/// Date, date and time, or time: what the step needs.
fn written(seconds: i64, step: i64) -> String {
    let Date { year, month, day } = Date::of(seconds.div_euclid(DAY));
    let of_day = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (of_day / HOUR, of_day / MINUTE % 60, of_day % 60);
    match step {
        DAY.. => format!("{year:04}-{month:02}-{day:02}"),
        HOUR.. => format!("{month:02}-{day:02} {hour:02}:00"),
        MINUTE.. => format!("{hour:02}:{minute:02}"),
        _ => format!("{hour:02}:{minute:02}:{second:02}"),
    }
}

fn tick(seconds: i64, label: String) -> Tick {
    Tick {
        value: seconds as f64,
        label,
    }
}

/// Date and time of an instant, for tooltips; the number itself where it is no time.
pub(super) fn instant(seconds: f64) -> String {
    if !(-6.2e10..LAST).contains(&seconds) {
        return seconds.to_string();
    }
    let seconds = whole(seconds.floor());
    format!("{} {}", written(seconds, DAY), written(seconds, 1))
}

/// A day of the proleptic Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Date {
    year: i64,
    month: i64,
    day: i64,
}

impl Date {
    /// The date so many days after 1970-01-01.
    fn of(days: i64) -> Self {
        // 400 years have 146 097 days; the guess is at most one year off.
        let mut year = 1970 + days * 400 / 146_097;
        while days_before(year, 1) > days {
            year -= 1;
        }
        while days_before(year + 1, 1) <= days {
            year += 1;
        }
        let month = (1..=12)
            .rev()
            .find(|&month| days_before(year, month) <= days)
            .unwrap_or(1);
        Self {
            year,
            month,
            day: days - days_before(year, month) + 1,
        }
    }
}

/// Days from 1970-01-01 to the first of a month.
fn days_before(year: i64, month: i64) -> i64 {
    let past = year - 1;
    let leaps = |years: i64| years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400);
    let leap_day = i64::from(month > 2) * (leaps(year) - leaps(past));
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let index = usize::try_from(month - 1).unwrap_or(0);
    365 * past + leaps(past) + before.get(index).copied().unwrap_or(0) + leap_day - EPOCH
}

#[cfg(test)]
mod tests {
    use super::super::axis::Kind;
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (days, year, month, day) in [
            (0, 1970, 1, 1),
            (-1, 1969, 12, 31),
            (11_016, 2000, 2, 29),
            (11_017, 2000, 3, 1),
            (19_782, 2024, 2, 29),
            (47_540, 2100, 2, 28),
            (47_541, 2100, 3, 1),
        ] {
            assert_eq!(Date::of(days), Date { year, month, day }, "{days}");
        }
    }

    #[test]
    fn every_day_of_four_centuries_follows_the_day_before() {
        let mut last = Date::of(-100_000);
        for days in -99_999..50_000 {
            let date = Date::of(days);
            let next = Date {
                day: last.day + 1,
                ..last
            };
            assert!(date == next || date.day == 1, "{date:?} after {last:?}");
            last = date;
        }
    }

    fn labels(low: f64, high: f64, most: usize) -> Vec<String> {
        let scale = Scale::around([low, high].into_iter(), Kind::Time);
        let sets = sets(&scale);
        let set = sets.into_iter().rev().find(|set| set.len() <= most);
        set.unwrap().into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_round_at_every_length() {
        let start = 1_700_000_000.0; // 2023-11-14 22:13:20
        let day = 86_400.0;
        assert_eq!(
            labels(start, start + 1500.0 * day, 6),
            ["2024", "2025", "2026", "2027", "2028"]
        );
        assert_eq!(
            labels(start, start + 200.0 * day, 4),
            ["2024-01", "2024-04"]
        );
        assert_eq!(
            labels(start, start + 20.0 * day, 4),
            ["2023-11-20", "2023-11-27", "2023-12-04"]
        );
        assert_eq!(
            labels(start, start + day, 4),
            ["11-15 00:00", "11-15 06:00", "11-15 12:00", "11-15 18:00"]
        );
        assert_eq!(
            labels(start, start + 1800.0, 4),
            ["22:20", "22:30", "22:40"]
        );
        assert_eq!(
            labels(start, start + 10.0, 4),
            ["22:13:20", "22:13:25", "22:13:30"]
        );
    }

    #[test]
    fn what_is_no_time_has_no_ticks() {
        let scale = Scale::around([0.0, 1e300].into_iter(), Kind::Time);
        assert_eq!(sets(&scale), Vec::<Vec<Tick>>::new());
        assert_eq!(instant(1e300), 1e300.to_string());
        assert_eq!(instant(0.0), "1970-01-01 00:00:00");
    }
}
