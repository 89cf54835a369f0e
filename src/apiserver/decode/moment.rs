//! metav1.Time and metav1.MicroTime: read, complained about, and written as Go does.

use crate::api::patch::wording::quoted;
use crate::time::Time;

const SECONDS: &str = "2006-01-02T15:04:05Z07:00";
const MICROSECONDS: &str = "2006-01-02T15:04:05.000000Z07:00";

/// What is left of a moment's text, and what is asked of it.
struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    layout: &'static str,
}

/// The canonical form of a moment, in UTC, where it differs from the text.
///
/// # Errors
/// Go's complaint: `parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"`.
pub(super) fn canonical(text: &str, micro: bool) -> Result<Option<String>, String> {
    if !micro && is_canonical(text) {
        return Ok(None);
    }
    let mut reader = Reader { text, rest: text, layout: if micro { MICROSECONDS } else { SECONDS } };
    let moment = reader.moment(micro)?;
    Ok((moment != text).then_some(moment))
}

/// Whether a text has its canonical form already: nearly all have. The last days of the months are left to the reader.
fn is_canonical(text: &str) -> bool {
    let number = |from: usize| text.get(from..from + 2).and_then(|two| two.parse::<u8>().ok());
    let within = |from: usize, least: u8, most: u8| number(from).is_some_and(|n| (least..=most).contains(&n));
    let form = text.len() == 20
        && text.bytes().zip(b"0000-00-00T00:00:00Z").all(|(is, like)| match like {
            b'0' => is.is_ascii_digit(),
            _ => is == *like,
        });
    form && within(5, 1, 12) && within(8, 1, 28) && within(11, 0, 23) && within(14, 0, 59) && within(17, 0, 59)
}

impl<'a> Reader<'a> {
    fn moment(&mut self, micro: bool) -> Result<String, String> {
        let year = self.digits(4, "2006")?;
        self.literal("-")?;
        let month = self.digits(2, "01")?;
        self.within(month, 1, 12, "month")?;
        self.literal("-")?;
        let day = self.digits(2, "02")?;
        self.literal("T")?;
        let hour = self.digits(2, "15")?;
        self.within(hour, 0, 23, "hour")?;
        self.literal(":")?;
        let minute = self.digits(2, "04")?;
        self.within(minute, 0, 59, "minute")?;
        self.literal(":")?;
        let second = self.digits(2, "05")?;
        self.within(second, 0, 59, "second")?;
        let fraction = self.fraction(micro)?;
        let offset = self.offset()?;
        if !self.rest.is_empty() {
            let extra = quoted(self.rest);
            return Err(format!("parsing time {}: extra text: {extra}", quoted(self.text)));
        }
        self.within(day, 1, days_in(year, month), "day")?;
        let local = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
        let mut utc = match Time::parse(&local) {
            Some(time) if offset != 0 => time.plus(-offset * 60_000).rfc3339(),
            _ => local,
        };
        if micro {
            utc.truncate(utc.len() - 1);
            utc.push_str(fraction);
            utc.push('Z');
        }
        Ok(utc)
    }

    /// Why the rest is not what the layout has here.
    fn mismatch(&self, element: &str) -> String {
        format!(
            "parsing time {} as {}: cannot parse {} as {}",
            quoted(self.text),
            quoted(self.layout),
            quoted(self.rest),
            quoted(element)
        )
    }

    fn within(&self, value: i64, least: i64, most: i64, what: &str) -> Result<(), String> {
        if (least..=most).contains(&value) {
            return Ok(());
        }
        let text = quoted(self.text);
        Err(format!("parsing time {text}: {what} out of range"))
    }

    fn digits(&mut self, count: usize, element: &str) -> Result<i64, String> {
        match self.rest.split_at_checked(count) {
            Some((digits, rest)) if digits.bytes().all(|b| b.is_ascii_digit()) => {
                self.rest = rest;
                Ok(digits.parse().unwrap_or(0))
            }
            _ => Err(self.mismatch(element)),
        }
    }

    fn literal(&mut self, text: &str) -> Result<(), String> {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => Err(self.mismatch(text)),
        }
    }

    /// The fraction with its point: six digits are asked for, or any number is passed over.
    fn fraction(&mut self, micro: bool) -> Result<&'a str, String> {
        let digits = self
            .rest
            .strip_prefix('.')
            .map_or(0, |rest| rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len());
        let taken = match (micro, digits) {
            (true, 0..6) => return Err(self.mismatch(".000000")),
            (true, _) => 7,
            (false, 0) => 0,
            (false, digits) => digits + 1,
        };
        let (fraction, rest) = self.rest.split_at_checked(taken).unwrap_or(("", ""));
        self.rest = rest;
        Ok(fraction)
    }

    /// Minutes east of Greenwich.
    fn offset(&mut self) -> Result<i64, String> {
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            return Ok(0);
        }
        let Some((zone, rest)) = self.rest.split_at_checked(6) else {
            return Err(self.mismatch("Z07:00"));
        };
        let parts = zone.split_at(1);
        let numbers = parts.1.split_once(':').and_then(|(hours, minutes)| {
            let number = |text: &str| -> Option<i64> {
                (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
            };
            Some((number(hours)?, number(minutes)?))
        });
        let (Some((hours, minutes)), "+" | "-") = (numbers, parts.0) else {
            return Err(self.mismatch("Z07:00"));
        };
        self.within(hours, 0, 24, "time zone offset hour")?;
        self.within(minutes, 0, 60, "time zone offset minute")?;
        self.rest = rest;
        let east = hours * 60 + minutes;
        Ok(if parts.0 == "-" { -east } else { east })
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}
