//! How much a quantity is, for comparisons: in billionths, rounded up as the API rounds.

/// The amount of a quantity's text in billionths; `None` where the text is no quantity.
pub(super) fn amount(text: &str) -> Option<i128> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let end = rest
        .bytes()
        .position(|b| !b.is_ascii_digit() && b != b'.')
        .unwrap_or(rest.len());
    let (number, suffix) = rest.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let (numerator, denominator) = scale(suffix)?;
    let digits: i128 = format!("0{whole}{fraction}").parse().ok()?;
    let places = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let (above, below) = (
        digits.saturating_mul(numerator).saturating_mul(1_000_000_000),
        denominator.saturating_mul(places),
    );
    let rounded = above / below + i128::from(above % below != 0);
    Some(if negative { -rounded } else { rounded })
}

/// The factor of a suffix as a fraction.
fn scale(suffix: &str) -> Option<(i128, i128)> {
    let binary = |power: u32| Some((1_i128 << (10 * power), 1));
    let decimal = |power: u32| Some((10_i128.checked_pow(power)?, 1));
    match suffix {
        "n" => Some((1, 1_000_000_000)),
        "u" => Some((1, 1_000_000)),
        "m" => Some((1, 1000)),
        "" => Some((1, 1)),
        "k" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        "Ki" => binary(1),
        "Mi" => binary(2),
        "Gi" => binary(3),
        "Ti" => binary(4),
        "Pi" => binary(5),
        "Ei" => binary(6),
        _ => {
            let exponent: i32 = suffix.strip_prefix(['e', 'E'])?.parse().ok()?;
            let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
            Some(if exponent < 0 { (1, power) } else { (power, 1) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn quantities_of_different_suffixes_compare() {
        assert!(amount("1Gi") > amount("1G"));
        assert_eq!(amount("1000m"), amount("1"));
        assert_eq!(amount("1e3"), amount("1k"));
        assert_eq!(amount("0.5"), amount("500m"));
        assert!(amount("-1Gi") < amount("0"));
        for text in ["", "one", "1GB", "1core", ".", "1..2"] {
            assert_eq!(amount(text), None, "{text}");
        }
    }
}
