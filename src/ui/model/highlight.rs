//! Which letters of a line of YAML are drawn how. Only looks depend on it: what the text means, kubectl says.

/// How a piece of a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Spaces, and a value that is plain text.
    Plain,
    /// The name of a field.
    Key,
    /// A value in quotes.
    Quoted,
    /// A number, `true`, `false`, `null`.
    Number,
    /// A dash, brackets, an anchor, the line between two documents.
    Mark,
    /// From `#` on.
    Comment,
}

impl Ink {
    /// Its class in the page's style sheet; empty where it has none.
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Key => "y-key",
            Self::Quoted => "y-quoted",
            Self::Number => "y-number",
            Self::Mark => "y-mark",
            Self::Comment => "y-comment",
        }
    }
}

/// The pieces of a line in order; together they are the line.
pub fn pieces(line: &str) -> Vec<(Ink, &str)> {
    let mut found = Vec::new();
    if line.starts_with("---") || line.starts_with("...") {
        return vec![(Ink::Mark, line)];
    }
    let mut rest = take(&mut found, Ink::Plain, line, line.len() - line.trim_start().len());
    while rest == "-" || rest.starts_with("- ") {
        let spaces = rest.get(1..).map_or(0, |after| after.len() - after.trim_start().len());
        rest = take(&mut found, Ink::Mark, rest, 1);
        rest = take(&mut found, Ink::Plain, rest, spaces);
    }
    if let Some(colon) = end_of_key(rest) {
        rest = take(&mut found, Ink::Key, rest, colon);
        rest = take(&mut found, Ink::Plain, rest, 1);
        rest = take(&mut found, Ink::Plain, rest, rest.len() - rest.trim_start().len());
    }
    let comment = start_of_comment(rest);
    let value = rest.get(..comment).unwrap_or(rest);
    rest = take(&mut found, ink_of(value.trim_end()), rest, value.len());
    take(&mut found, Ink::Comment, rest, rest.len());
    found
}

/// Cuts so many bytes off the front; answers the rest.
fn take<'a>(found: &mut Vec<(Ink, &'a str)>, ink: Ink, text: &'a str, bytes: usize) -> &'a str {
    let (piece, rest) = text.split_at_checked(bytes).unwrap_or((text, ""));
    if !piece.is_empty() {
        found.push((ink, piece));
    }
    rest
}

/// Where the colon behind the key stands, when the text begins with one.
fn end_of_key(text: &str) -> Option<usize> {
    let start = match text.chars().next()? {
        quote @ ('"' | '\'') => text.get(1..)?.find(quote)? + 2,
        '#' | '[' | '{' => return None,
        _ => 0,
    };
    let behind = text.get(start..)?;
    let colon = behind.match_indices(':').map(|(at, _)| at).find(|at| {
        let after = behind.get(at + 1..).unwrap_or("");
        after.is_empty() || after.starts_with(' ')
    })?;
    let is_comment = behind.get(..colon).is_some_and(|key| key.contains(" #"));
    (!is_comment).then_some(start + colon)
}

fn start_of_comment(text: &str) -> usize {
    let mut quote = None;
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '#') if before == ' ' => return at,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if letter == open => quote = None,
            _ => {}
        }
        before = letter;
    }
    text.len()
}

fn ink_of(value: &str) -> Ink {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    match value.chars().next() {
        Some('"' | '\'') => Ink::Quoted,
        Some('[' | '{' | '|' | '>' | '&' | '*' | '!') => Ink::Mark,
        _ if matches!(value, "true" | "false" | "null" | "~") => Ink::Number,
        _ if number(value.strip_prefix('-').unwrap_or(value)) => Ink::Number,
        _ => Ink::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        assert_eq!(pieces(line).iter().map(|(_, text)| *text).collect::<String>(), line, "nothing is lost");
        let seen = pieces(line).into_iter().filter(|(ink, _)| *ink != Ink::Plain);
        seen.map(|(ink, text)| format!("{}:{text}", ink.class())).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn keys_numbers_quotes_and_comments_look_different() {
        assert_eq!(shown("  replicas: 2 # two"), "y-key:replicas y-number:2  y-comment:# two");
        assert_eq!(shown("  serviceName: \"mehdb\""), "y-key:serviceName y-quoted:\"mehdb\"");
        assert_eq!(shown("      - name: shard"), "y-mark:- y-key:name");
        assert_eq!(shown("      - - 7"), "y-mark:- y-mark:- y-number:7");
        assert_eq!(shown("---"), "y-mark:---");
        assert_eq!(shown("# all: of it"), "y-comment:# all: of it");
    }

    #[test]
    fn a_colon_inside_a_value_or_quotes_makes_no_key() {
        assert_eq!(shown("image: quay.io/mhausenblas/mehdb:0.6"), "y-key:image");
        assert_eq!(shown("\"a: b\": 'c # d'"), "y-key:\"a: b\" y-quoted:'c # d'");
        assert_eq!(shown("- http://example.org:80/#top"), "y-mark:-");
        assert_eq!(shown("é: ü"), "y-key:é");
    }
}
