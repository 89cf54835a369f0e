//! Simulated time: milliseconds since the scenario began, and the texts that Kubernetes makes of it.

use std::fmt::Write as _;

/// A moment, in milliseconds since the scenario began. The scenario begins at a fixed calendar moment
/// (2026-01-05 09:00:00 UTC, a Monday), so the same run always prints the same dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

/// Unix milliseconds of the moment at which every scenario begins.
const SCENARIO_BEGINS: i64 = 1_767_603_600_000;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A calendar date and time of day, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Calendar {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    millisecond: i64,
    weekday: i64,
}

impl Time {
    /// The moment `ms` milliseconds later (earlier when negative).
    #[must_use]
    pub fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Nanoseconds since 1970, as the names of events carry them.
    pub fn unix_nanoseconds(self) -> i64 {
        self.0.saturating_add(SCENARIO_BEGINS).saturating_mul(1_000_000)
    }

    /// This moment cut down to the whole second, as metav1.Time keeps it.
    #[must_use]
    pub fn whole_second(self) -> Self {
        Self(self.0.div_euclid(1000) * 1000)
    }

    /// `2026-01-05T09:00:00Z`, the form of metav1.Time.
    pub fn rfc3339(self) -> String {
        let c = self.calendar();
        format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour, c.minute, c.second)
    }

    /// `2026-01-05T09:00:00.123000Z`, the form of metav1.MicroTime.
    pub fn rfc3339_micro(self) -> String {
        let c = self.calendar();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}000Z",
            c.year, c.month, c.day, c.hour, c.minute, c.second, c.millisecond
        )
    }

    /// `Mon, 05 Jan 2026 09:00:00 +0000`, the form that `kubectl describe` prints.
    pub fn rfc1123(self) -> String {
        let c = self.calendar();
        format!(
            "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
            name_at(&WEEKDAYS, c.weekday),
            c.day,
            name_at(&MONTHS, c.month - 1),
            c.year,
            c.hour,
            c.minute,
            c.second
        )
    }

    /// Reads both forms that Kubernetes writes (whole seconds, and fractions). `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let body = text.strip_suffix('Z')?;
        let (date, clock) = body.split_once('T')?;
        let mut parts = date.splitn(3, '-').map(str::parse::<i64>);
        let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
        let mut parts = clock.splitn(3, ':').map(str::parse::<i64>);
        let (hour, minute, second) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
        let millisecond = if fraction.is_empty() {
            0
        } else {
            let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
            digits.parse::<i64>().ok()?
        };
        let days = days_from_civil(year, month, day);
        let unix = ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + millisecond;
        Some(Self(unix - SCENARIO_BEGINS))
    }

    fn calendar(self) -> Calendar {
        let unix = self.0.saturating_add(SCENARIO_BEGINS);
        let days = unix.div_euclid(86_400_000);
        let ms = unix.rem_euclid(86_400_000);
        let (year, month, day) = civil_from_days(days);
        Calendar {
            year,
            month,
            day,
            hour: ms / 3_600_000,
            minute: ms / 60_000 % 60,
            second: ms / 1000 % 60,
            millisecond: ms % 1000,
            weekday: (days + 3).rem_euclid(7),
        }
    }
}

fn name_at(names: &'static [&'static str], index: i64) -> &'static str {
    usize::try_from(index).ok().and_then(|i| names.get(i)).copied().unwrap_or("")
}

/// Days since 1970-01-01 of a proleptic Gregorian date (the usual era arithmetic).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y - era * 400;
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z - era * 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// An age as kubectl prints it (`reference/printing.md` §1): `5s`, `2m5s`, `3h`, `2d3h`, `<invalid>`.
pub fn human_duration(elapsed_ms: i64) -> String {
    if elapsed_ms < -1000 {
        return "<invalid>".into();
    }
    let seconds = (elapsed_ms / 1000).max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let two = |large: i64, unit: char, small: i64, small_unit: char| {
        let mut text = format!("{large}{unit}");
        if small != 0 {
            let _ = write!(text, "{small}{small_unit}");
        }
        text
    };
    match seconds {
        ..120 => format!("{seconds}s"),
        120..600 => two(minutes, 'm', seconds % 60, 's'),
        600..10_800 => format!("{minutes}m"),
        10_800..28_800 => two(hours, 'h', minutes % 60, 'm'),
        28_800..172_800 => format!("{hours}h"),
        172_800..691_200 => two(days, 'd', hours % 24, 'h'),
        691_200..63_072_000 => format!("{days}d"),
        63_072_000..252_288_000 => two(days / 365, 'y', days % 365, 'd'),
        _ => format!("{}y", days / 365),
    }
}

/// A duration as Go prints one: `800ms`, `1.234s`, `1m20s`, `5m0s`, `2h0m0s`.
pub fn go_duration(ms: i64) -> String {
    if ms == 0 {
        return "0s".into();
    }
    if ms.abs() < 1000 {
        return format!("{ms}ms");
    }
    let sign = if ms < 0 { "-" } else { "" };
    let ms = ms.abs();
    let (hours, minutes) = (ms / 3_600_000, ms / 60_000 % 60);
    let seconds = ms % 60_000;
    let mut tail = format!("{}", seconds / 1000);
    if seconds % 1000 != 0 {
        let fraction = format!("{:03}", seconds % 1000);
        let _ = write!(tail, ".{}", fraction.trim_end_matches('0'));
    }
    match (hours, minutes) {
        (0, 0) => format!("{sign}{tail}s"),
        (0, _) => format!("{sign}{minutes}m{tail}s"),
        _ => format!("{sign}{hours}h{minutes}m{tail}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scenario_begins_on_a_monday_morning() {
        assert_eq!(Time(0).rfc3339(), "2026-01-05T09:00:00Z");
        assert_eq!(Time(0).rfc1123(), "Mon, 05 Jan 2026 09:00:00 +0000");
        assert_eq!(Time(1234).rfc3339_micro(), "2026-01-05T09:00:01.234000Z");
    }

    #[test]
    fn a_printed_moment_reads_back() {
        for ms in [0, 1000, 86_400_000 * 60, 86_400_000 * 800 + 61_000] {
            assert_eq!(Time::parse(&Time(ms).rfc3339()), Some(Time(ms)));
        }
        assert_eq!(Time::parse("2026-01-05T09:00:01.234000Z"), Some(Time(1234)));
        assert_eq!(Time::parse("yesterday"), None);
    }

    #[test]
    fn ages_read_as_kubectl_prints_them() {
        let cases = [
            (-2000, "<invalid>"),
            (-500, "0s"),
            (119_999, "119s"),
            (120_000, "2m"),
            (125_000, "2m5s"),
            (600_000, "10m"),
            (10_799_000, "179m"),
            (11_100_000, "3h5m"),
            (28_800_000, "8h"),
            (172_800_000, "2d"),
            (180_000_000, "2d2h"),
            (691_200_000, "8d"),
            (63_072_000_000, "2y"),
        ];
        for (ms, text) in cases {
            assert_eq!(human_duration(ms), text);
        }
    }

    #[test]
    fn durations_read_as_go_prints_them() {
        let cases = [(800, "800ms"), (1234, "1.234s"), (80_000, "1m20s"), (300_000, "5m0s"), (7_200_000, "2h0m0s")];
        for (ms, text) in cases {
            assert_eq!(go_duration(ms), text);
        }
    }
}
