//! `JSONPath` as kubectl knows it: text with `{…}` in it, `range`, filters, slices (Kubernetes' own dialect).

mod evaluate;
mod parse;

pub(super) use parse::{Scanner, is_of_name, unicode};

use crate::value::Value;

/// One step of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// Text outside of braces, or quoted inside of them.
    Text(String),
    /// What stands between two braces.
    List(Vec<Node>),
    Field(String),
    /// `[start:end:step]`; an index is a slice of one.
    Slice(Slice),
    /// `[0,2]`, `['a','b']`.
    Union(Vec<Vec<Node>>),
    Filter(Box<Filter>),
    Wildcard,
    Recursive,
    Int(i64),
    Float(f64),
    Bool(bool),
    /// `range`, `end`, or a word that means nothing.
    Identifier(String),
}

/// The bounds of a slice as written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Slice {
    start: Option<i64>,
    end: Option<i64>,
    /// The end was not written but follows from an index.
    is_index: bool,
    step: Option<i64>,
}

/// `[?(left operator right)]`; without an operator it asks whether `left` is there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Filter {
    left: Vec<Node>,
    right: Vec<Node>,
    operator: String,
}

/// A template of text and expressions, ready to be evaluated.
#[derive(Clone, Debug)]
pub struct JsonPath {
    /// As it was written.
    pub source: String,
    nodes: Vec<Node>,
}

impl JsonPath {
    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong with it, such as `unclosed action`.
    pub fn parse(source: &str) -> Result<Self, String> {
        Ok(Self { source: source.to_owned(), nodes: parse::template(source)? })
    }

    /// Reads one expression that may lack its braces and its first dot: `.spec.replicas`, `{spec.replicas}`, `spec`.
    /// This is how custom columns and `--sort-by` are written.
    ///
    /// # Errors
    /// As for [`JsonPath::parse`], and an expression that is no path.
    pub fn parse_relaxed(source: &str) -> Result<Self, String> {
        if source.is_empty() {
            return Self::parse("");
        }
        let inner = source.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(source);
        let inner = inner.strip_prefix('.').unwrap_or(inner);
        if inner.is_empty() || inner.contains(['{', '}']) {
            return Err("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'".to_owned());
        }
        Self::parse(&format!("{{.{inner}}}"))
    }

    /// The values that each piece of the template finds; missing keys find nothing.
    ///
    /// # Errors
    /// An index out of bounds, a comparison of different types and their like.
    pub fn find(&self, data: &Value) -> Result<Vec<Vec<Value>>, String> {
        evaluate::find(&self.nodes, data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{list, map};

    /// What the first expression of a template finds, as Go prints it, or the complaint.
    fn found(template: &str) -> String {
        let data = map! {
            "kind" => "List",
            "items" => list![
                map! { "name" => "a", "n" => 1, "tags" => list!["x", "y"], "a.b/c" => "dotted" },
                map! { "name" => "b", "n" => 2, "tags" => list![] },
                map! { "name" => "c", "n" => 3 },
            ],
        };
        match JsonPath::parse(template).and_then(|path| path.find(&data)) {
            Ok(found) => {
                let texts = |values: &Vec<Value>| values.iter().map(super::super::go::plain).collect::<Vec<_>>();
                found.iter().map(|values| texts(values).join(" ")).collect::<Vec<_>>().concat()
            }
            Err(why) => format!("! {why}"),
        }
    }

    #[test]
    fn what_a_path_finds() {
        for (template, text) in [
            ("{.kind}", "List"),
            ("{$.kind} {kind}", "! unrecognized identifier kind"),
            ("{.items[*].name}", "a b c"),
            ("{.items[0].name}-{.items[-1].name}", "a-c"),
            ("{.items[0:2].name}", "a b"),
            ("{.items[::2].name}", "a c"),
            ("{.items[0,2].name}", "a c"),
            ("{.items[0]['name','n']}", "a 1"),
            ("{.items[0].a\\.b/c}{.items[0]['a\\.b/c']}", "dotteddotted"),
            ("{.items[?(@.n>1)].name}", "b c"),
            ("{.items[?(@.name==\"b\")].n}", "2"),
            ("{.items[?(@.tags)].name}", "a b"),
            ("{..name}", "a b c"),
            ("{.items[*].tags[*]}", "x y"),
            ("{range .items[*]}{.name}:{range .tags[*]}{@}{end};{end}.", "a:xy;b:;c:;."),
            ("{.nope}{.kind.nope}{'\\''}{\"\\n\"}", "'\n"),
        ] {
            assert_eq!(found(template), text, "{template}");
        }
    }

    #[test]
    fn what_is_refused() {
        for (template, why) in [
            ("{.spec", "unclosed action"),
            ("{.items[0}", "unterminated array"),
            ("{.items[x]}", "invalid array index x"),
            ("{.items[7].name}", "array index out of bounds: index 7, length 3"),
            ("{.items[9223372036854775807]}", "array index out of bounds: index 9223372036854775807, length 3"),
            ("{.kind[0]}", "string is not array or slice"),
            ("{.items[?(@.n==\"1\")]}", "incompatible types for comparison"),
            ("{.items[?(@.n}", "unterminated filter"),
            ("{end}", "not in range, nothing to end"),
            ("{#}", "unrecognized character in action: U+0023 '#'"),
            ("{\"a}", "unterminated quoted string"),
            ("{....a}", "invalid multiple recursive descent"),
        ] {
            assert_eq!(found(template), format!("! {why}"), "{template}");
        }
    }
}
