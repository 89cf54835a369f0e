//! Go templates: `-o go-template=…` and `--template`.

mod call;
mod compare;
mod evaluate;
mod lex;
mod parse;
mod pipeline;
mod printf;

#[cfg(test)]
mod tests;

use crate::sorted::SortedMap;
use crate::value::Value;

/// A template, ready to be carried out.
#[derive(Clone, Debug)]
pub struct Template {
    /// As it was written.
    pub source: String,
    main: Vec<Node>,
    /// `{{define "name"}}`.
    named: SortedMap<String, Vec<Node>>,
}

/// One piece of a template.
#[derive(Clone, Debug)]
enum Node {
    Text(String),
    /// A pipeline whose value is printed (unless it declares).
    Print(Pipe),
    If(Branch),
    With(Branch),
    Range(Branch),
    Call(String, Option<Pipe>),
    Break,
    Continue,
}

/// A block with its condition and its alternative.
#[derive(Clone, Debug)]
struct Branch {
    pipe: Pipe,
    then: Vec<Node>,
    otherwise: Vec<Node>,
}

/// Commands, the value of each being the last argument of the next.
#[derive(Clone, Debug)]
struct Pipe {
    /// Variables that take the value.
    variables: Vec<String>,
    /// They existed before (`=` instead of `:=`).
    assigns: bool,
    commands: Vec<Command>,
}

/// A function with its arguments, or a lone value.
#[derive(Clone, Debug)]
struct Command {
    place: Place,
    words: Vec<Word>,
}

/// Where something stands in the source, for error messages.
#[derive(Clone, Debug, Default)]
struct Place {
    offset: usize,
    text: String,
}

#[derive(Clone, Debug)]
struct Word {
    place: Place,
    what: Operand,
    /// Fields after it: `$x.a.b`, `(…).a`.
    fields: Vec<String>,
}

#[derive(Clone, Debug)]
enum Operand {
    Dot,
    Variable(String),
    Function(String),
    Literal(Value),
    Nil,
    Pipe(Pipe),
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong with it, such as `template: output:1: unclosed action`.
    pub fn parse(source: &str) -> Result<Self, String> {
        parse::template(source)
    }

    /// Carries the template out. What was printed until an error is answered with it.
    ///
    /// # Errors
    /// As Go says it: `template: output:1:2: executing "output" at <.a>: …`.
    pub fn execute(&self, data: &Value) -> Result<String, (String, String)> {
        let mut out = String::new();
        match evaluate::run(self, data, &mut out) {
            Ok(()) => Ok(out),
            Err(error) => Err((out, error)),
        }
    }
}
