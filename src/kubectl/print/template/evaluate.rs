//! Carrying a Go template out.

use super::super::go;
use super::call::call;
use super::{Branch, Command, Node, Operand, Pipe, Place, Template, Word};
use crate::value::Value;

/// Templates that call themselves stop here, as in Go (there it is 100,000).
const DEEPEST: usize = 200;
/// A template prints at most so many bytes.
const LONGEST: usize = 16_000_000;

/// A value, or what a missing key is.
pub type Found = Option<Value>;

pub(super) fn run(template: &Template, data: &Value, out: &mut String) -> Result<(), String> {
    let mut state = State { template, name: "output", variables: vec![("$".to_owned(), Some(data.clone()))], depth: 0 };
    state.nodes(&template.main, &Some(data.clone()), out).map(|_| ())
}

/// How a list of nodes was left.
#[derive(Clone, Copy, PartialEq)]
enum Flow {
    On,
    Break,
    Continue,
}

struct State<'a> {
    template: &'a Template,
    name: &'a str,
    variables: Vec<(String, Found)>,
    depth: usize,
}

impl<'a> State<'a> {
    fn fail<T>(&self, place: &Place, what: &str) -> Result<T, String> {
        let before = self.template.source.get(..place.offset).unwrap_or("");
        let line = 1 + before.matches('\n').count();
        let column = before.rfind('\n').map_or(before.len(), |at| before.len() - at - 1);
        Err(format!(
            "template: output:{line}:{column}: executing {} at <{}>: {what}",
            go::quoted(self.name),
            place.text
        ))
    }

    fn nodes(&mut self, nodes: &'a [Node], dot: &Found, out: &mut String) -> Result<Flow, String> {
        let scope = self.variables.len();
        for node in nodes {
            let flow = self.node(node, dot, out)?;
            if flow != Flow::On {
                self.variables.truncate(scope);
                return Ok(flow);
            }
        }
        self.variables.truncate(scope);
        Ok(Flow::On)
    }

    fn node(&mut self, node: &'a Node, dot: &Found, out: &mut String) -> Result<Flow, String> {
        if out.len() > LONGEST {
            return Err("the template printed more than can be shown".to_owned());
        }
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Print(pipe) => {
                let value = self.pipe(pipe, dot)?;
                if pipe.variables.is_empty() {
                    out.push_str(&printed(&value));
                }
            }
            Node::If(branch) | Node::With(branch) => {
                let scope = self.variables.len();
                let value = self.pipe(&branch.pipe, dot)?;
                let inner = if matches!(node, Node::With(_)) { &value } else { dot };
                let flow = if truth(&value) {
                    self.nodes(&branch.then, inner, out)
                } else {
                    self.nodes(&branch.otherwise, dot, out)
                };
                self.variables.truncate(scope);
                return flow;
            }
            Node::Range(branch) => self.range(branch, dot, out)?,
            Node::Call(name, pipe) => self.template_call(name, pipe.as_ref(), dot, out)?,
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn template_call(
        &mut self,
        name: &'a str,
        pipe: Option<&'a Pipe>,
        dot: &Found,
        out: &mut String,
    ) -> Result<(), String> {
        let value = match pipe {
            Some(pipe) => self.pipe(pipe, dot)?,
            None => None,
        };
        let Some(nodes) = self.template.named.get(name) else {
            let place = Place { offset: 0, text: format!("{{{{template {}}}}}", go::quoted(name)) };
            return self.fail(&place, &format!("template {} not defined", go::quoted(name)));
        };
        if self.depth >= DEEPEST {
            return Err("exceeded maximum template depth".to_owned());
        }
        let mut inner = State {
            template: self.template,
            name,
            variables: vec![("$".to_owned(), value.clone())],
            depth: self.depth + 1,
        };
        inner.nodes(nodes, &value, out).map(|_| ())
    }

    fn range(&mut self, branch: &'a Branch, dot: &Found, out: &mut String) -> Result<(), String> {
        let scope = self.variables.len();
        let value = self.pipe(&branch.pipe, dot)?;
        let pairs: Vec<(Value, Value)> = match &value {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::List(items)) => {
                items.iter().enumerate().map(|(at, item)| (Value::Int(at as i64), item.clone())).collect()
            }
            Some(Value::Map(map)) => map.iter().map(|(key, item)| (Value::from(key), item.clone())).collect(),
            Some(Value::Int(count)) => {
                (0..(*count).min(LONGEST as i64)).map(|at| (Value::Int(at), Value::Int(at))).collect()
            }
            Some(other) => {
                let place = branch.pipe.commands.first().map(|command| command.place.clone()).unwrap_or_default();
                return self.fail(&place, &format!("range can't iterate over {}", go::plain(other)));
            }
        };
        if pairs.is_empty() {
            self.nodes(&branch.otherwise, dot, out)?;
        }
        let variables = &branch.pipe.variables;
        for (key, item) in pairs {
            match variables.as_slice() {
                [one] => self.set(one, Some(item.clone())),
                [first, second] => {
                    self.set(first, Some(key));
                    self.set(second, Some(item.clone()));
                }
                _ => {}
            }
            if self.nodes(&branch.then, &Some(item), out)? == Flow::Break {
                break;
            }
        }
        self.variables.truncate(scope);
        Ok(())
    }

    fn set(&mut self, name: &str, value: Found) {
        if let Some((_, held)) = self.variables.iter_mut().rev().find(|(held, _)| held == name) {
            *held = value;
        }
    }

    fn pipe(&mut self, pipe: &'a Pipe, dot: &Found) -> Result<Found, String> {
        let mut value: Option<Found> = None;
        for command in &pipe.commands {
            value = Some(self.command(command, dot, value)?);
        }
        let value = value.flatten().filter(|value| !value.is_null());
        for name in &pipe.variables {
            if pipe.assigns {
                self.set(name, value.clone());
            } else {
                self.variables.push((name.clone(), value.clone()));
            }
        }
        Ok(value)
    }

    /// The value of a command; `last` is the value of the command before it in the pipeline.
    fn command(&mut self, command: &'a Command, dot: &Found, last: Option<Found>) -> Result<Found, String> {
        let Some((first, rest)) = command.words.split_first() else {
            return Ok(None);
        };
        let Operand::Function(name) = &first.what else {
            if !rest.is_empty() || last.is_some() {
                let what = if matches!(first.what, Operand::Dot | Operand::Variable(_)) && !first.fields.is_empty() {
                    let field = first.fields.last().map_or("", String::as_str);
                    format!("{field} is not a method but has arguments")
                } else {
                    format!("can't give argument to non-function {}", first.place.text)
                };
                return self.fail(&first.place, &what);
            }
            if matches!(first.what, Operand::Nil) {
                return self.fail(&command.place, "nil is not a command");
            }
            return self.word(first, dot);
        };
        // `and` and `or` look at no more arguments than they need.
        if name == "and" || name == "or" {
            let mut value = None;
            for word in rest {
                value = self.word(word, dot)?;
                if truth(&value) == (name == "or") {
                    return Ok(value);
                }
            }
            return Ok(last.unwrap_or(value));
        }
        let mut arguments = Vec::with_capacity(rest.len() + 1);
        for word in rest {
            arguments.push(self.word(word, dot)?);
        }
        arguments.extend(last);
        match call(name, &arguments) {
            Ok(value) => Ok(value),
            Err(what) => self.fail(&command.place, &what),
        }
    }

    fn word(&mut self, word: &'a Word, dot: &Found) -> Result<Found, String> {
        let mut value = match &word.what {
            Operand::Dot => dot.clone(),
            Operand::Variable(name) => {
                let held = self.variables.iter().rev().find(|(held, _)| held == name);
                held.and_then(|(_, value)| value.clone())
            }
            Operand::Literal(value) => Some(value.clone()),
            Operand::Nil => Some(Value::Null),
            Operand::Pipe(pipe) => {
                let scope = self.variables.len();
                let value = self.pipe(pipe, dot)?;
                self.variables.truncate(scope);
                value
            }
            Operand::Function(name) => match call(name, &[]) {
                Ok(value) => value,
                Err(what) => return self.fail(&word.place, &what),
            },
        };
        for field in &word.fields {
            value = match &value {
                None => None,
                Some(Value::Map(map)) => map.get(field).cloned(),
                Some(Value::Null) => {
                    return self.fail(&word.place, &format!("nil pointer evaluating interface {{}}.{field}"));
                }
                Some(_) => {
                    return self.fail(&word.place, &format!("can't evaluate field {field} in type interface {{}}"));
                }
            };
        }
        Ok(value)
    }
}

/// How a value is printed by an action.
fn printed(value: &Found) -> String {
    match value {
        None | Some(Value::Null) => "<no value>".to_owned(),
        Some(value) => go::plain(value),
    }
}

/// Whether a value counts as true: not zero, not empty, not missing.
pub(super) fn truth(value: &Found) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(flag)) => *flag,
        Some(Value::Int(number)) => *number != 0,
        Some(Value::Float(number)) => *number != 0.0,
        Some(Value::Text(text)) => !text.is_empty(),
        Some(Value::List(items)) => !items.is_empty(),
        Some(Value::Map(map)) => !map.is_empty(),
    }
}
