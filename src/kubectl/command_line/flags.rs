//! The grammar of flags: `-n x`, `-nx`, `--namespace=x`, bundles of short ones, `--`.

use super::Failure;
use crate::value::Text;

/// What the value of a flag must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// `--watch`, `--watch=false`.
    Bool,
    /// Any text.
    Text,
    /// Any text, or this one when nothing follows an equals sign: `--dry-run`.
    TextOr(&'static str),
    /// A whole number of 32 or 64 bits.
    Int,
    /// A duration as Go writes it.
    Duration,
}

/// One flag of a command.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// Its long name.
    pub name: &'static str,
    /// Its short name.
    pub short: Option<char>,
    /// What follows it.
    pub takes: Takes,
}

/// A flag with only a long name.
pub const fn long(name: &'static str, takes: Takes) -> Flag {
    Flag { name, short: None, takes }
}

/// A flag with a short name too.
pub const fn short(name: &'static str, short: char, takes: Takes) -> Flag {
    Flag { name, short: Some(short), takes }
}

/// The flags that every command has.
pub const GLOBAL: &[Flag] = &[
    short("help", 'h', Takes::Bool),
    short("namespace", 'n', Takes::Text),
    long("as", Takes::Text),
    long("as-group", Takes::Text),
    long("as-uid", Takes::Text),
    long("as-user-extra", Takes::Text),
    long("cache-dir", Takes::Text),
    long("certificate-authority", Takes::Text),
    long("client-certificate", Takes::Text),
    long("client-key", Takes::Text),
    long("cluster", Takes::Text),
    long("context", Takes::Text),
    long("disable-compression", Takes::Bool),
    long("insecure-skip-tls-verify", Takes::Bool),
    long("kubeconfig", Takes::Text),
    long("kuberc", Takes::Text),
    long("log-flush-frequency", Takes::Duration),
    long("match-server-version", Takes::Bool),
    long("password", Takes::Text),
    long("profile", Takes::Text),
    long("profile-output", Takes::Text),
    long("request-timeout", Takes::Text),
    short("server", 's', Takes::Text),
    long("tls-server-name", Takes::Text),
    long("token", Takes::Text),
    long("user", Takes::Text),
    long("username", Takes::Text),
    short("v", 'v', Takes::TextOr("0")),
    long("vmodule", Takes::Text),
    long("warnings-as-errors", Takes::Bool),
];

/// The flags and the words of a command line.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// What is not a flag.
    pub words: Vec<Text>,
    /// Each flag by its long name, in the order given.
    pub given: Vec<(&'static str, Text)>,
}

/// Reads the words after a command by its flags and the global ones. `path` is the command as its usage line names
/// it, such as `kubectl rollout history`.
///
/// # Errors
/// An unknown flag, a missing or malformed value.
pub fn parse(words: &[Text], flags: &[&[Flag]], path: &str) -> Result<Parsed, Failure> {
    let wrong = |text: String| Failure::flag(path, text);
    let find_long = |name: &str| flags.iter().flat_map(|set| set.iter()).find(|flag| flag.name == name);
    let find_short = |c: char| flags.iter().flat_map(|set| set.iter()).find(|flag| flag.short == Some(c));
    let mut parsed = Parsed::default();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if word == "--" {
            parsed.words.extend(rest.by_ref().cloned());
        } else if let Some(body) = word.strip_prefix("--") {
            let (name, value) = match body.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (body, None),
            };
            if name.is_empty() || name.starts_with('-') {
                return Err(wrong(format!("bad flag syntax: {word}")));
            }
            let Some(flag) = find_long(name) else {
                return Err(wrong(format!("unknown flag: --{name}")));
            };
            let value = match (value, flag.takes) {
                (Some(value), _) => Text::copy(value),
                (None, Takes::Bool) => "true".into(),
                (None, Takes::TextOr(default)) => default.into(),
                (None, _) => rest.next().cloned().ok_or_else(|| wrong(format!("flag needs an argument: --{name}")))?,
            };
            accept(&mut parsed, flag, value, path)?;
        } else if word.len() > 1 && word.starts_with('-') {
            for (at, letter) in word.char_indices().skip(1) {
                let tail = word.get(at + letter.len_utf8()..).unwrap_or_default();
                let Some(flag) = find_short(letter) else {
                    let shown = word.get(at..).unwrap_or_default();
                    return Err(wrong(format!("unknown shorthand flag: '{letter}' in -{shown}")));
                };
                if let Some(value) = tail.strip_prefix('=') {
                    accept(&mut parsed, flag, Text::copy(value), path)?;
                    break;
                }
                match flag.takes {
                    Takes::Bool => accept(&mut parsed, flag, "true".into(), path)?,
                    Takes::TextOr(default) => accept(&mut parsed, flag, default.into(), path)?,
                    _ if !tail.is_empty() => {
                        accept(&mut parsed, flag, Text::copy(tail), path)?;
                        break;
                    }
                    _ => {
                        let shown = word.get(at..).unwrap_or_default();
                        let value = rest
                            .next()
                            .cloned()
                            .ok_or_else(|| wrong(format!("flag needs an argument: '{letter}' in -{shown}")))?;
                        accept(&mut parsed, flag, value, path)?;
                        break;
                    }
                }
            }
        } else {
            parsed.words.push(word.clone());
        }
    }
    Ok(parsed)
}

/// Checks a value and keeps it.
fn accept(parsed: &mut Parsed, flag: &Flag, value: Text, path: &str) -> Result<(), Failure> {
    let complaint = match flag.takes {
        Takes::Bool => (!matches!(
            value.as_str(),
            "1" | "t" | "T" | "TRUE" | "true" | "True" | "0" | "f" | "F" | "FALSE" | "false" | "False"
        ))
        .then(|| format!("strconv.ParseBool: parsing {}: invalid syntax", quoted(&value))),
        Takes::Int => match value.parse::<i64>() {
            Ok(_) => None,
            Err(error) if is_overflow(&error) => {
                Some(format!("strconv.ParseInt: parsing {}: value out of range", quoted(&value)))
            }
            Err(_) => Some(format!("strconv.ParseInt: parsing {}: invalid syntax", quoted(&value))),
        },
        Takes::Duration => duration(&value).err(),
        Takes::Text | Takes::TextOr(_) => None,
    };
    if let Some(complaint) = complaint {
        let name = match flag.short {
            Some(letter) => format!("-{letter}, --{}", flag.name),
            None => format!("--{}", flag.name),
        };
        let text = format!("invalid argument {} for \"{name}\" flag: {complaint}", quoted(&value));
        return Err(Failure::flag(path, text));
    }
    parsed.given.push((flag.name, value));
    Ok(())
}

fn is_overflow(error: &std::num::ParseIntError) -> bool {
    use std::num::IntErrorKind::{NegOverflow, PosOverflow};
    matches!(error.kind(), NegOverflow | PosOverflow)
}

/// A text in Go's double quotes.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Reads a duration as Go does (`90s`, `1m30s`, `1.5h`, `0`), in milliseconds.
///
/// # Errors
/// Go's words about it.
pub fn duration(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quoted(text));
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let letters = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, after) = tail.split_at(letters);
        // A tenth of a microsecond is as fine as this needs to be.
        let unit_ms_times_1000: i64 = match unit {
            "ns" => 0,
            "us" | "µs" | "μs" => 1,
            "ms" => 1000,
            "s" => 1_000_000,
            "m" => 60_000_000,
            "h" => 3_600_000_000,
            "" => return Err(format!("time: missing unit in duration {}", quoted(text))),
            other => {
                return Err(format!("time: unknown unit {} in duration {}", quoted(other), quoted(text)));
            }
        };
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| invalid())? };
        let mut part = whole.saturating_mul(unit_ms_times_1000);
        let mut scale = unit_ms_times_1000;
        for digit in fraction.bytes().take(9) {
            scale /= 10;
            part = part.saturating_add(i64::from(digit.saturating_sub(b'0')).saturating_mul(scale));
        }
        total = total.saturating_add(part);
        rest = after;
    }
    let ms = total / 1000;
    Ok(if negative { -ms } else { ms })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAGS: &[Flag] = &[
        short("watch", 'w', Takes::Bool),
        short("output", 'o', Takes::Text),
        long("replicas", Takes::Int),
        long("dry-run", Takes::TextOr("unchanged")),
    ];

    fn read(line: &[&'static str]) -> Result<Parsed, String> {
        let words: Vec<Text> = line.iter().map(|w| Text::from(*w)).collect();
        parse(&words, &[FLAGS, GLOBAL], "kubectl get").map_err(|failure| failure.render())
    }

    #[test]
    fn every_spelling_of_a_flag_is_understood() {
        let parsed = read(&["pods", "-wn", "lab", "-oyaml", "--replicas=-3", "--dry-run", "--", "-x"]).unwrap();
        assert_eq!(parsed.words, ["pods", "-x"]);
        let given: Vec<(&str, &str)> = parsed.given.iter().map(|(n, v)| (*n, v.as_str())).collect();
        assert_eq!(
            given,
            [("watch", "true"), ("namespace", "lab"), ("output", "yaml"), ("replicas", "-3"), ("dry-run", "unchanged")]
        );
    }

    #[test]
    fn mistakes_are_told_in_kubectls_words() {
        let cases: &[(&[&'static str], &str)] = &[
            (&["--bogus"], "error: unknown flag: --bogus\nSee 'kubectl get --help' for usage.\n"),
            (&["-n"], "error: flag needs an argument: 'n' in -n\nSee 'kubectl get --help' for usage.\n"),
            (&["-x=y"], "error: unknown shorthand flag: 'x' in -x=y\nSee 'kubectl get --help' for usage.\n"),
            (
                &["--replicas=abc"],
                "error: invalid argument \"abc\" for \"--replicas\" flag: strconv.ParseInt: parsing \"abc\": invalid syntax\nSee 'kubectl get --help' for usage.\n",
            ),
        ];
        for (line, text) in cases {
            assert_eq!(read(line).err().as_deref(), Some(*text));
        }
    }

    #[test]
    fn durations_are_read_as_go_reads_them() {
        let cases = [("7s", 7000), ("1m30s", 90_000), ("1.5h", 5_400_000), ("0", 0), ("250ms", 250), ("-1s", -1000)];
        for (text, ms) in cases {
            assert_eq!(duration(text), Ok(ms));
        }
        assert_eq!(duration("5"), Err("time: missing unit in duration \"5\"".into()));
        assert_eq!(duration("abc"), Err("time: invalid duration \"abc\"".into()));
    }
}
