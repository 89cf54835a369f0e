//! A terminal's line into words, as a shell does it for plain commands.

use crate::value::Text;

/// Splits a line into words: blanks separate, quotes hold together, a backslash takes the next character as it is.
/// A leading `kubectl` or `k` is left out.
///
/// # Errors
/// A sentence of our own about what a real shell would do and we do not: an open quote, a pipe, a redirection.
pub fn split_words(line: &str) -> Result<Vec<Text>, String> {
    let mut words: Vec<Text> = Vec::new();
    let mut word = String::new();
    let mut within_word = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' | '\t' | '\n' | '\r' => {
                if within_word {
                    words.push(std::mem::take(&mut word).into());
                    within_word = false;
                }
            }
            '\'' => {
                within_word = true;
                loop {
                    match letters.next() {
                        Some('\'') => break,
                        Some(inner) => word.push(inner),
                        None => return Err("The line ends within a quoted text: a ' is missing.".into()),
                    }
                }
            }
            '"' => {
                within_word = true;
                double_quoted(&mut letters, &mut word)?;
            }
            '\\' => match letters.next() {
                Some('\n') => {}
                Some(escaped) => {
                    within_word = true;
                    word.push(escaped);
                }
                None => return Err("The line ends with a backslash that escapes nothing.".into()),
            },
            '#' if !within_word => break,
            '|' | '>' | '<' | ';' | '&' => {
                return Err(format!(
                    "This terminal runs kubectl only; it has no shell behind it that would understand {letter}."
                ));
            }
            other => {
                within_word = true;
                word.push(other);
            }
        }
    }
    if within_word {
        words.push(word.into());
    }
    if words.first().is_some_and(|first| *first == "kubectl" || *first == "k") {
        words.remove(0);
    }
    Ok(words)
}

/// The rest of a text in double quotes: a backslash escapes only what is special there.
fn double_quoted(letters: &mut std::iter::Peekable<std::str::Chars<'_>>, word: &mut String) -> Result<(), String> {
    loop {
        match letters.next() {
            Some('"') => return Ok(()),
            Some('\\') => match letters.next() {
                Some('\n') => {}
                Some(special @ ('"' | '\\' | '$' | '`')) => word.push(special),
                Some(plain) => {
                    word.push('\\');
                    word.push(plain);
                }
                None => return Err("The line ends within a quoted text: a \" is missing.".into()),
            },
            Some(inner) => word.push(inner),
            None => return Err("The line ends within a quoted text: a \" is missing.".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        split_words(line).unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn quotes_hold_words_together_and_the_program_is_left_out() {
        assert_eq!(
            words(r#"kubectl patch sts web -p '{"spec":{"replicas":2}}'  --type "merge""#),
            ["patch", "sts", "web", "-p", r#"{"spec":{"replicas":2}}"#, "--type", "merge"]
        );
        assert_eq!(words("k get pods -l app\\ b ''"), ["get", "pods", "-l", "app b", ""]);
        assert_eq!(words("get pods # who is there?"), ["get", "pods"]);
    }

    #[test]
    fn what_only_a_shell_does_is_refused_in_our_own_words() {
        assert!(split_words("get pods | grep web").is_err());
        assert!(split_words("get 'pods").is_err());
    }
}
