//! Fractions read and written exactly, by hand: the tables with which the standard library does it quickly weigh
//! more than the rest of this module's parent, and fractions are rare in manifests.

/// So many digits decide how any number rounds; what follows is kept as a single 1.
const MOST: usize = 800;
/// One shift moves at most so many bits, so that a digit above them fits into 64 bits.
const SHIFT: i32 = 50;

/// A decimal number, `0.d₁d₂d₃… × 10^point`, without noughts at either end.
#[derive(Clone, Debug, Default)]
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    point: i32,
}

/// The number nearest to a text of the form `[+-]digits[.digits][e[+-]digits]`, infinite where it is too large.
pub fn read(text: &str) -> Option<f64> {
    Some(Decimal::read(text)?.number())
}

/// The fewest digits that identify the number, without an exponent: `0.00015`.
pub fn plain(number: f64) -> String {
    unusual(number).unwrap_or_else(|| shortest(number, false).plain(0))
}

/// The fewest digits that identify the number, with an exponent: `1.5e-4`.
pub fn scientific(number: f64) -> String {
    unusual(number).unwrap_or_else(|| shortest(number, false).scientific(0))
}

/// As [`scientific`], with the digits that identify it among numbers of 32 bits.
pub fn scientific_of_32_bits(number: f64) -> String {
    let narrow = f64::from(number as f32);
    unusual(narrow).unwrap_or_else(|| shortest(narrow, true).scientific(0))
}

/// So many digits after the point: `3.142`.
pub fn fixed(number: f64, places: usize) -> String {
    unusual(number).unwrap_or_else(|| {
        let mut exact = Decimal::exact(number);
        exact.round(exact.point.saturating_add(places as i32));
        exact.plain(places)
    })
}

/// So many digits after the point, with an exponent: `3.142e0`.
pub fn fixed_scientific(number: f64, places: usize) -> String {
    unusual(number).unwrap_or_else(|| {
        let mut exact = Decimal::exact(number);
        exact.round(places as i32 + 1);
        exact.scientific(places)
    })
}

fn unusual(number: f64) -> Option<String> {
    let name = match (number.is_finite(), number.is_nan(), number > 0.0) {
        (true, ..) => return None,
        (_, true, _) => "NaN",
        (.., true) => "inf",
        _ => "-inf",
    };
    Some(name.to_owned())
}

/// The decimal with the fewest digits that reads as this number, of several the nearest.
fn shortest(number: f64, narrow: bool) -> Decimal {
    let same = |decimal: &Decimal| {
        let read = decimal.number();
        if narrow { (read as f32).to_bits() == (number as f32).to_bits() } else { read.to_bits() == number.to_bits() }
    };
    let exact = Decimal::exact(number);
    for count in 1..=17 {
        let mut near = exact.clone();
        near.round(count);
        if same(&near) {
            return near;
        }
        // Just above a power of two numbers lie closer below than above: the nearest may miss what its neighbour hits.
        let mut above = exact.clone();
        above.cut(count as usize, true);
        if same(&above) {
            return above;
        }
    }
    exact
}

impl Decimal {
    fn read(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let small = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let decimal = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || small.is_empty() || ![whole, fraction, small].into_iter().all(decimal) {
            return None;
        }
        // An exponent beyond the bounds is one beyond every number.
        let power = small.bytes().fold(0_i32, |sum, byte| sum.saturating_mul(10).saturating_add((byte - b'0').into()));
        let power = power.min(1 << 28);
        let power = if exponent.starts_with('-') { -power } else { power };
        let mut number = Self { negative, digits: Vec::new(), point: (whole.len() as i32).saturating_add(power) };
        for byte in whole.bytes().chain(fraction.bytes()) {
            number.push(byte - b'0');
        }
        number.trim();
        Some(number)
    }

    fn exact(number: f64) -> Self {
        let bits = number.to_bits();
        let (power, low) = ((bits >> 52 & 0x7ff) as i32, bits & ((1 << 52) - 1));
        let whole = if power == 0 { low } else { low | 1 << 52 };
        let text = whole.to_string();
        let digits = text.bytes().map(|byte| byte - b'0').collect();
        let mut decimal = Self { negative: bits >> 63 == 1, digits, point: text.len() as i32 };
        decimal.trim();
        decimal.shift(power.max(1) - 1075);
        decimal
    }

    /// The nearest number; of two equally near ones the even.
    fn number(&self) -> f64 {
        let sign = u64::from(self.negative) << 63;
        if self.digits.is_empty() || self.point < -400 {
            return f64::from_bits(sign);
        }
        if self.point > 400 {
            return f64::from_bits(sign | 0x7ff << 52);
        }
        // Moved between a half and one; larger steps where it is more than a billion away.
        let (mut scaled, mut power) = (self.clone(), 0);
        loop {
            let by = match scaled.point {
                10.. => -28,
                1.. => -1,
                ..=-10 => 28,
                -9..=-1 => 1,
                0 if scaled.digits.first() < Some(&5) => 1,
                0 => break,
            };
            scaled.shift(by);
            power -= by;
        }
        if power > 1024 {
            return f64::from_bits(sign | 0x7ff << 52);
        }
        // The smallest numbers have fewer bits.
        let missing = (-1021 - power).max(0);
        scaled.shift(53 - missing);
        scaled.round(scaled.point);
        let digits = scaled.digits.iter().chain(std::iter::repeat(&0)).take(scaled.point.max(0) as usize);
        let whole = digits.fold(0, |sum: u64, digit| sum * 10 + u64::from(*digit));
        // The highest bit of a whole number of 53 bits counts up the exponent.
        f64::from_bits(sign | ((((power + missing + 1021) as u64) << 52) + whole))
    }

    /// Times two to this power.
    fn shift(&mut self, by: i32) {
        let mut left = by;
        while left != 0 {
            let step = left.clamp(-SHIFT, SHIFT);
            if step > 0 {
                self.double(step as u32)
            } else {
                self.halve(-step as u32)
            }
            left -= step;
        }
    }

    fn double(&mut self, times: u32) {
        let (mut digits, mut carry) = (Vec::new(), 0_u64);
        for digit in self.digits.iter().rev() {
            carry += u64::from(*digit) << times;
            digits.push((carry % 10) as u8);
            carry /= 10;
        }
        while carry > 0 {
            digits.push((carry % 10) as u8);
            carry /= 10;
            self.point += 1;
        }
        digits.reverse();
        self.digits = digits;
        self.trim();
    }

    fn halve(&mut self, times: u32) {
        let digits = std::mem::take(&mut self.digits);
        let (mut read, mut rest) = (digits.iter(), 0_u64);
        loop {
            let digit = read.next();
            if digit.is_none() && rest == 0 {
                break;
            }
            rest = rest * 10 + u64::from(*digit.unwrap_or(&0));
            let quotient = (rest >> times) as u8;
            rest &= (1 << times) - 1;
            if self.digits.is_empty() && quotient == 0 {
                self.point -= 1;
            } else if !self.push(quotient) {
                break;
            }
        }
        self.trim();
    }

    /// Adds a digit; false when there are enough and only a 1 is kept for all that follows.
    fn push(&mut self, digit: u8) -> bool {
        match self.digits.len() {
            0..MOST => self.digits.push(digit),
            MOST if digit == 0 => {}
            MOST => self.digits.push(1),
            _ => return false,
        }
        true
    }

    fn trim(&mut self) {
        let leading = self.digits.iter().take_while(|digit| **digit == 0).count();
        self.digits.drain(..leading);
        self.point -= leading as i32;
        let trailing = self.digits.iter().rev().take_while(|digit| **digit == 0).count();
        self.digits.truncate(self.digits.len() - trailing);
        if self.digits.is_empty() {
            self.point = 0;
        }
    }

    /// Keeps this many digits, the last one rounded: a half to the even.
    fn round(&mut self, count: i32) {
        if count < 0 {
            (self.digits, self.point) = (Vec::new(), 0);
            return;
        }
        let count = count as usize;
        let odd = count > 0 && self.digits.get(count - 1).is_some_and(|digit| digit % 2 == 1);
        let up = match (self.digits.get(count), self.digits.get(count + 1)) {
            (Some(5), None) => odd,
            (first, _) => first >= Some(&5),
        };
        self.cut(count, up);
    }

    /// Keeps this many digits, the number they make one higher where asked for.
    fn cut(&mut self, count: usize, up: bool) {
        self.digits.truncate(count);
        if up {
            while self.digits.last() == Some(&9) {
                self.digits.pop();
            }
            match self.digits.last_mut() {
                Some(last) => *last += 1,
                None => {
                    self.digits.push(1);
                    self.point += 1;
                }
            }
        }
        self.trim();
    }

    /// Without an exponent, with at least so many places after the point.
    fn plain(&self, places: usize) -> String {
        let mut text = String::from(if self.negative { "-" } else { "" });
        if self.point <= 0 {
            text.push('0');
        }
        let (from, until) =
            (self.point.min(0), (self.digits.len() as i32).max(self.point.saturating_add(places as i32)));
        for at in from..until {
            if at == self.point.max(from) && at >= self.point {
                text.push('.');
            }
            text.push(self.digit(at));
        }
        text
    }

    /// With an exponent, with at least so many places after the point.
    fn scientific(&self, places: usize) -> String {
        let mut text = String::from(if self.negative { "-" } else { "" });
        text.push(self.digit(0));
        for at in 1..(self.digits.len() as i32).max(places as i32 + 1) {
            if at == 1 {
                text.push('.');
            }
            text.push(self.digit(at));
        }
        let exponent = if self.digits.is_empty() { 0 } else { self.point - 1 };
        text + "e" + &exponent.to_string()
    }

    fn digit(&self, at: i32) -> char {
        let digit = usize::try_from(at).ok().and_then(|at| self.digits.get(at));
        char::from(b'0' + digit.copied().unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of every size, by a small generator of our own.
    fn numbers() -> impl Iterator<Item = f64> {
        let mut state = 1_u64;
        let drawn = std::iter::repeat_with(move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let bits = state ^ state >> 29;
            if bits.is_multiple_of(3) { (bits >> 40) as f64 / 1000.0 } else { f64::from_bits(bits) }
        });
        let edges =
            [0.0, -0.0, 0.1, 1.0, 0.5, 1e21, 1e-6, 123_456.0, 5e-324, 2.0_f64.powi(-44), f64::MAX, f64::INFINITY];
        let powers = (-1074..1024).map(|power| 2.0_f64.powi(power));
        edges
            .into_iter()
            .chain([f64::MIN_POSITIVE, f64::NAN, -f64::INFINITY, 9_007_199_254_740_993.0])
            .chain(powers)
            .chain(drawn.take(2000))
    }

    #[test]
    fn what_is_written_is_what_the_standard_library_writes() {
        for number in numbers() {
            // Of two texts equally near Go takes the one with an even digit, the standard library the larger.
            let alike = |ours: &str, theirs: &str| {
                ours == theirs || ours.len() == theirs.len() && read(ours) == read(theirs) && ours < theirs
            };
            let narrow = number as f32;
            assert!(alike(&plain(number), &number.to_string()), "{number}");
            assert!(alike(&scientific(number), &format!("{number:e}")), "{number:e}");
            let (ours, theirs) = (scientific_of_32_bits(number), format!("{narrow:e}"));
            assert!(ours == theirs || ours.parse() == Ok(narrow) && ours.len() == theirs.len(), "{ours} {theirs}");
            for places in [0, 1, 6, 20] {
                assert_eq!(fixed(number, places), format!("{number:.places$}"));
                assert_eq!(fixed_scientific(number, places), format!("{number:.places$e}"));
            }
        }
    }

    #[test]
    fn what_is_read_is_what_the_standard_library_reads() {
        for number in numbers().filter(|number| number.is_finite()) {
            for text in [number.to_string(), format!("{number:e}"), format!("{number:.3e}"), format!("{number:.3}")] {
                assert_eq!(read(&text).map(f64::to_bits), text.parse().ok().map(f64::to_bits), "{text}");
            }
        }
        let half = format!("9007199254740993.{}", "0".repeat(2000));
        for text in [half.clone() + "1", half, "1e400".into(), "1e-400".into(), "1e99999999999".into(), ".5".into()] {
            assert_eq!(read(&text), text.parse().ok(), "{text}");
        }
        for text in ["", ".", "e5", "1e", "inf", "0x1", "1_0", "--1"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
