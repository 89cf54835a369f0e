//! The text after `-l`: `app=web,tier in (a,b),!old`.

use super::{Operator, Requirement, Selector};
use crate::value::Text;

/// A word of the selector's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    End,
    Identifier,
    In,
    NotIn,
    Comma,
    Open,
    Close,
    Not,
    Equals,
    DoubleEquals,
    NotEquals,
    Greater,
    Less,
    Unknown,
}

const SYMBOLS: [(&str, Token); 9] = [
    ("==", Token::DoubleEquals),
    ("!=", Token::NotEquals),
    ("=", Token::Equals),
    ("!", Token::Not),
    (",", Token::Comma),
    ("(", Token::Open),
    (")", Token::Close),
    (">", Token::Greater),
    ("<", Token::Less),
];

/// Answers why a label's key is not one, without the key.
type KeyRule<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// What is left of the text. Words are read one ahead.
struct Parser<'a> {
    rest: &'a str,
    key_rule: KeyRule<'a>,
    value_rule: KeyRule<'a>,
}

impl Selector {
    /// Reads the text after `-l`. Keys and values are not checked; `apiserver::parse_selector` does that.
    ///
    /// # Errors
    /// The text with which Kubernetes refuses it, such as `found '=', expected: ',' or 'end of string'`.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::parse_checked(text, &|_| Vec::new(), &|_| Vec::new())
    }

    /// Reads the text after `-l` and asks the two rules what is wrong with each label key and label value.
    ///
    /// # Errors
    /// The text with which Kubernetes refuses it.
    pub fn parse_checked(
        text: &str,
        key_rule: &dyn Fn(&str) -> Vec<String>,
        value_rule: &dyn Fn(&str) -> Vec<String>,
    ) -> Result<Self, String> {
        let parser = Parser { rest: text, key_rule, value_rule };
        Ok(Self::of(parser.selector()?))
    }
}

impl<'a> Parser<'a> {
    /// The next word and the text after it.
    fn scan(&self) -> (Token, &'a str, &'a str) {
        let text = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if text.is_empty() {
            return (Token::End, "", "");
        }
        for (symbol, token) in SYMBOLS {
            if let Some(after) = text.strip_prefix(symbol) {
                let found = text.get(..symbol.len()).unwrap_or(symbol);
                return (token, found, after);
            }
        }
        let end = text.find(|c| " \t\r\n=!(),><".contains(c)).unwrap_or(text.len());
        let (word, after) = text.split_at(end);
        let token = match word {
            "in" => Token::In,
            "notin" => Token::NotIn,
            "" => Token::Unknown,
            _ => Token::Identifier,
        };
        (token, word, after)
    }

    /// The next word where a key or value may stand: `in` and `notin` are then plain words.
    fn peek(&self) -> (Token, &'a str) {
        match self.scan() {
            (Token::In | Token::NotIn, word, _) => (Token::Identifier, word),
            (token, word, _) => (token, word),
        }
    }

    fn take(&mut self) -> (Token, &'a str) {
        let next = self.peek();
        self.rest = self.scan().2;
        next
    }

    fn selector(mut self) -> Result<Vec<Requirement>, String> {
        let mut found = Vec::new();
        loop {
            match self.peek() {
                (Token::Identifier | Token::Not, _) => {
                    let requirement =
                        self.requirement().map_err(|why| format!("unable to parse requirement: {why}"))?;
                    found.push(requirement);
                }
                (Token::End, _) => return Ok(found),
                (_, word) => {
                    return Err(format!("found '{word}', expected: !, identifier, or 'end of string'"));
                }
            }
            match self.take() {
                (Token::End, _) => return Ok(found),
                (Token::Comma, _) => {}
                (_, word) => {
                    return Err(format!("found '{word}', expected: ',' or 'end of string'"));
                }
            }
            let (next, word) = self.peek();
            if !matches!(next, Token::Identifier | Token::Not) {
                return Err(format!("found '{word}', expected: identifier after ','"));
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let (mut token, mut key) = self.take();
        let denied = token == Token::Not;
        if denied {
            (token, key) = self.take();
        }
        if token != Token::Identifier {
            return Err(format!("found '{key}', expected: identifier"));
        }
        let wrong = (self.key_rule)(key);
        if !wrong.is_empty() {
            // Kubernetes has no path to name here.
            return Err(format!("<nil>: Invalid value: {}: {}", quoted(key), wrong.join("; ")));
        }
        let key = Text::copy(key);
        let alone = matches!(self.peek().0, Token::End | Token::Comma);
        if denied || alone {
            return Ok(Requirement {
                key,
                operator: if denied { Operator::DoesNotExist } else { Operator::Exists },
                values: Vec::new(),
            });
        }
        let operator = self.operator()?;
        let mut values = match operator {
            Operator::In | Operator::NotIn => self.values()?,
            _ => vec![self.value()?],
        };
        crate::sorted::sort(&mut values);
        values.dedup();
        self.check(&key, operator, &values)?;
        let values = values.into_iter().map(Text::copy).collect();
        Ok(Requirement { key, operator, values })
    }

    fn operator(&mut self) -> Result<Operator, String> {
        let (token, word, after) = self.scan();
        self.rest = after;
        Ok(match token {
            Token::In => Operator::In,
            Token::NotIn => Operator::NotIn,
            Token::Equals => Operator::Equals,
            Token::DoubleEquals => Operator::DoubleEquals,
            Token::NotEquals => Operator::NotEquals,
            Token::Greater => Operator::GreaterThan,
            Token::Less => Operator::LessThan,
            _ => {
                return Err(format!("found '{word}', expected: in, notin, =, ==, !=, gt, lt"));
            }
        })
    }

    /// The value after `=`; nothing there is the empty value.
    fn value(&mut self) -> Result<&'a str, String> {
        if matches!(self.peek().0, Token::End | Token::Comma) {
            return Ok("");
        }
        match self.take() {
            (Token::Identifier, word) => Ok(word),
            (_, word) => Err(format!("found '{word}', expected: identifier")),
        }
    }

    /// The values after `in`: `(a,b)`. A comma with nothing before or after it stands for the empty value.
    fn values(&mut self) -> Result<Vec<&'a str>, String> {
        let (token, word) = self.take();
        if token != Token::Open {
            return Err(format!("found '{word}' expected: '('"));
        }
        match self.peek() {
            (Token::Identifier | Token::Comma, _) => {}
            (Token::Close, _) => {
                self.take();
                return Ok(Vec::new());
            }
            (_, word) => return Err(format!("found '{word}', expected: ',', ')' or identifier")),
        }
        let mut found = Vec::new();
        loop {
            match self.take() {
                (Token::Identifier, word) => {
                    found.push(word);
                    match self.peek() {
                        (Token::Comma, _) => {}
                        (Token::Close, _) => break,
                        (_, word) => return Err(format!("found '{word}', expected: ',' or ')'")),
                    }
                }
                (Token::Comma, _) => {
                    if found.is_empty() {
                        found.push("");
                    }
                    match self.peek().0 {
                        Token::Close => {
                            found.push("");
                            break;
                        }
                        Token::Comma => {
                            self.take();
                            found.push("");
                        }
                        _ => {}
                    }
                }
                (_, word) => return Err(format!("found '{word}', expected: ',', or identifier")),
            }
        }
        self.take();
        Ok(found)
    }

    /// What Kubernetes asks of the values of a requirement.
    fn check(&self, key: &str, operator: Operator, values: &[&str]) -> Result<(), String> {
        let mut wrong = Vec::new();
        match operator {
            Operator::In | Operator::NotIn if values.is_empty() => wrong
                .push("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty".to_owned()),
            Operator::GreaterThan | Operator::LessThan => {
                for value in values.iter().filter(|v| v.parse::<i64>().is_err()) {
                    let value = quoted(value);
                    wrong.push(format!(
                        "values[0]: Invalid value: {value}: for 'Gt', 'Lt' operators, the value must be an integer"
                    ));
                }
            }
            _ => {}
        }
        for (at, value) in values.iter().enumerate() {
            let why = (self.value_rule)(value);
            if !why.is_empty() {
                let (value, why) = (quoted(value), why.join("; "));
                wrong.push(format!("values[{at}][{key}]: Invalid value: {value}: {why}"));
            }
        }
        match wrong.as_slice() {
            [] => Ok(()),
            [one] => Err(one.clone()),
            many => Err(format!("[{}]", many.join(", "))),
        }
    }
}

/// A text in Go's quotes; label keys and values hold nothing that would need more.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_printed_in_the_order_of_the_keys() {
        for (text, printed) in [
            ("a=b", "a=b"),
            ("b==1, a != x", "a!=x,b==1"),
            ("tier in (b, a),app", "app,tier in (a,b)"),
            ("tier notin (x),!old", "!old,tier notin (x)"),
            ("a=", "a="),
            ("in in (in)", "in in (in)"),
            ("a in (,)", "a in ()"),
            ("n>3,m<4", "m<4,n>3"),
            ("", ""),
        ] {
            assert_eq!(Selector::parse(text).map(|s| s.to_string()), Ok(printed.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_the_words_of_kubernetes() {
        for (text, why) in [
            ("a=b=c", "found '=', expected: ',' or 'end of string'"),
            ("app=we_b!", "found '!', expected: ',' or 'end of string'"),
            ("(", "found '(', expected: !, identifier, or 'end of string'"),
            ("app!in(x)", "unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt"),
            ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
            ("a,", "found '', expected: identifier after ','"),
            ("a in b", "unable to parse requirement: found 'b' expected: '('"),
            ("a in (b", "unable to parse requirement: found '', expected: ',' or ')'"),
            ("a=(", "unable to parse requirement: found '(', expected: identifier"),
            (
                "a in ()",
                "unable to parse requirement: values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
            ),
            ("!", "unable to parse requirement: found '', expected: identifier"),
        ] {
            assert_eq!(Selector::parse(text).unwrap_err(), why, "{text}");
        }
    }

    #[test]
    fn keys_and_values_are_checked_by_the_rules_given() {
        let none = |_: &str| Vec::new();
        let never = |_: &str| vec!["is wrong".to_owned()];
        assert_eq!(
            Selector::parse_checked("a/b/c=d", &never, &none).unwrap_err(),
            "unable to parse requirement: <nil>: Invalid value: \"a/b/c\": is wrong"
        );
        assert_eq!(
            Selector::parse_checked("a=d", &none, &never).unwrap_err(),
            "unable to parse requirement: values[0][a]: Invalid value: \"d\": is wrong"
        );
    }
}
