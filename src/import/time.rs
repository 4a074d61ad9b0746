//! Times as the tools write them, read into [`Moment`]s: what zone and what resolution were written
//! stays known, and a time without zone is never given one.

use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::Offset;

use crate::catalog::{Batch, Moment};

const DAY: i64 = 86_400_000;

/// Epoch seconds from 2000-01-01 to 2100-01-01: anything else is another clock, such as the
/// monotonic one that some tools call `start_time`.
const EPOCH_SECONDS: std::ops::Range<f64> = 946_684_800.0..4_102_444_800.0;

/// A moment from text: RFC 3339, ISO 8601 with or without zone and with `T` or a space, a date
/// alone, or vLLM's `20250914-015043`. `None` where the text is no time.
pub fn parse(text: &str) -> Option<Moment> {
    let text = text.trim();
    let compact = compact(text);
    let text = compact.as_deref().unwrap_or(text);
    let pieces = Pieces::parse(text).ok()?;
    let moment = pieces.date().to_datetime(pieces.time().unwrap_or_default());
    let (offset, zone) = match pieces.offset() {
        None if pieces.time_zone_annotation().is_some() => return None,
        None => (Offset::UTC, None),
        Some(PiecesOffset::Numeric(numeric)) => {
            let offset = numeric.offset();
            (offset, Some(written(offset)))
        }
        Some(_) => (Offset::UTC, Some("UTC".to_owned())),
    };
    Some(Moment {
        millis: offset.to_timestamp(moment).ok()?.as_millisecond(),
        precision: precision(text),
        zone,
    })
}

/// The moment that a file's text says, or a note that it says none.
pub(super) fn noted(text: &str, place: &str, batch: &mut Batch) -> Option<Moment> {
    let moment = parse(text);
    if moment.is_none() {
        batch.warn(place, format!("`{text}` is not a time"));
    }
    moment
}

/// A moment from seconds since 1970-01-01 UTC, if it lies between the years 2000 and 2100.
pub(super) fn epoch_seconds(seconds: f64) -> Option<Moment> {
    EPOCH_SECONDS.contains(&seconds).then(|| Moment {
        millis: (seconds * 1e3).floor() as i64,
        precision: if seconds.fract() == 0.0 { 1000 } else { 1 },
        zone: Some("UTC".to_owned()),
    })
}

/// `20250914-015043`, the `%Y%m%d-%H%M%S` of vLLM, in the basic form of ISO 8601.
fn compact(text: &str) -> Option<String> {
    let (date, time) = text.split_once('-')?;
    let digits = |part: &str, n| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
    (digits(date, 8) && digits(time, 6)).then(|| format!("{date}T{time}"))
}

/// `+02:00`, the spelling of RFC 3339.
fn written(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The resolution that a time accepted by the parser was written with.
fn precision(text: &str) -> i64 {
    let Some((_, time)) = text.split_once(['T', 't', ' ']) else {
        return DAY;
    };
    let clock = time.split(['Z', 'z', '+', '-', '[']).next().unwrap_or(time);
    let digits = |part: &str| part.bytes().filter(u8::is_ascii_digit).count();
    match clock.split_once(['.', ',']) {
        Some((_, fraction)) => match digits(fraction) {
            1 => 100,
            2 => 10,
            _ => 1,
        },
        None => match digits(clock) {
            0..=2 => 3_600_000,
            3..=4 => 60_000,
            _ => 1000,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn moment(millis: i64, precision: i64, zone: Option<&str>) -> Option<Moment> {
        Some(Moment {
            millis,
            precision,
            zone: zone.map(str::to_owned),
        })
    }

    // 2025-09-14T01:50:43Z by `date -u -d 2025-09-14T01:50:43Z +%s`.
    const SECONDS: i64 = 1_757_814_643;

    #[test]
    fn keeps_the_zone_that_was_written() {
        let at = SECONDS * 1000;
        assert_eq!(parse("2025-09-14T01:50:43Z"), moment(at, 1000, Some("UTC")));
        assert_eq!(
            parse("2025-09-14T03:50:43+02:00"),
            moment(at, 1000, Some("+02:00"))
        );
        assert_eq!(
            parse("2025-09-13T20:20:43.5-05:30"),
            moment(at + 500, 100, Some("-05:30"))
        );
    }

    #[test]
    fn a_time_without_zone_has_none() {
        let at = SECONDS * 1000;
        for text in [
            "2025-09-14T01:50:43",
            "2025-09-14 01:50:43",
            "20250914-015043",
        ] {
            assert_eq!(parse(text), moment(at, 1000, None), "{text}");
        }
        assert_eq!(
            parse("2025-09-14T01:50:43.123456"),
            moment(at + 123, 1, None)
        );
    }

    #[test]
    fn resolution_is_what_was_written() {
        let midnight = 1_757_808_000_000;
        assert_eq!(parse("2025-09-14"), moment(midnight, DAY, None));
        assert_eq!(
            parse(" 2025-09-14 01:50 "),
            moment(midnight + 6_600_000, 60_000, None)
        );
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "yesterday",
            "2025-13-01",
            "20250914-0150",
            "1757814643",
            "12:30",
            "2025-09-14T01:50:43[Europe/Paris]",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_text_that_is_no_time_is_noted() {
        let mut batch = Batch::new("vllm");
        assert_eq!(
            noted("2025-09-14", "$.date", &mut batch),
            parse("2025-09-14")
        );
        assert_eq!(noted("soon", "$.date", &mut batch), None);
        assert_eq!(batch.notes.len(), 1);
        assert_eq!(batch.notes[0].reason, "`soon` is not a time");
    }

    #[test]
    fn a_monotonic_clock_is_no_epoch_time() {
        assert_eq!(
            epoch_seconds(1_757_814_643.25),
            moment(SECONDS * 1000 + 250, 1, Some("UTC"))
        );
        for seconds in [3_391_296.96, 0.0, -1.0, f64::NAN, f64::INFINITY, 1e18] {
            assert_eq!(epoch_seconds(seconds), None, "{seconds}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "[0-9TZ:+. \\-]{0,30}|\\PC{0,20}") {
            parse(&text);
        }
    }
}
