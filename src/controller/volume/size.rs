//! Comparing amounts of storage.

use std::cmp::Ordering;

use crate::value::Value;

/// Compares two quantities of storage; one that cannot be read counts as nothing.
pub(super) fn compare(a: &Value, b: &Value) -> Ordering {
    thousandths(a).cmp(&thousandths(b))
}

/// A quantity in thousandths of a byte.
fn thousandths(quantity: &Value) -> i128 {
    if let Some(number) = quantity.as_i64() {
        return i128::from(number) * 1000;
    }
    let text = quantity.str_or_empty();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-')))
        .unwrap_or(text.len());
    let (digits, suffix) = text.split_at(end);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let negative = whole.starts_with('-');
    let whole: i128 = whole.trim_start_matches(['+', '-']).parse().unwrap_or(0);
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    let fraction: i128 = fraction.parse().unwrap_or(0);
    let value = whole.saturating_mul(1000).saturating_add(fraction).saturating_mul(unit(suffix));
    if negative { -value } else { value }
}

/// What the suffix of a quantity multiplies by; thousandths (`m`) are rounded to whole bytes.
fn unit(suffix: &str) -> i128 {
    match suffix {
        "Ki" => 1 << 10,
        "Mi" => 1 << 20,
        "Gi" => 1 << 30,
        "Ti" => 1 << 40,
        "Pi" => 1 << 50,
        "Ei" => 1 << 60,
        "k" => 1_000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        "T" => 1_000_000_000_000,
        "P" => 1_000_000_000_000_000,
        "E" => 1_000_000_000_000_000_000,
        _ => match suffix.strip_prefix(['e', 'E']).and_then(|power| power.parse::<u32>().ok()) {
            Some(power) => 10_i128.checked_pow(power.min(18)).unwrap_or(1),
            None => 1,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_compare_by_what_they_mean_not_by_how_they_are_written() {
        let compare = |a: &'static str, b: &'static str| compare(&a.into(), &b.into());
        assert_eq!(compare("1Gi", "1024Mi"), Ordering::Equal);
        assert_eq!(compare("1G", "1Gi"), Ordering::Less);
        assert_eq!(compare("1.5Gi", "1Gi"), Ordering::Greater);
        assert_eq!(compare("2e3", "2k"), Ordering::Equal);
    }
}
