//! A typed line taken apart as a shell does it: quotes, backslashes, blanks.

use crate::value::Text;

/// The words of a line.
///
/// # Errors
/// A complaint when a quote is not closed.
pub fn split_words(line: &str) -> Result<Vec<Text>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' => words.extend(word.take().map(Text::from)),
            '\\' => word.get_or_insert_default().extend(letters.next()),
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next() {
                        None => return Err(format!("the quote {letter} is not closed")),
                        Some(end) if end == letter => break,
                        Some('\\') if letter == '"' => word.extend(letters.next()),
                        Some(inner) => word.push(inner),
                    }
                }
            }
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word.map(Text::from));
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_blanks_and_each_other() {
        let words = split_words(r#"kubectl patch sts a -p '{"b": "c d"}' -l "x=\"y\"" ''"#).unwrap();
        let words: Vec<&str> = words.iter().map(Text::as_str).collect();
        assert_eq!(words, ["kubectl", "patch", "sts", "a", "-p", r#"{"b": "c d"}"#, "-l", r#"x="y""#, ""]);
        assert!(split_words("echo 'x").is_err());
    }
}
