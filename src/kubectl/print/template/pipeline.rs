//! Reading the pipelines within a template's actions.

use super::call::is_function;
use super::lex::Token;
use super::parse::{DEEPEST, Parser, unexpected};
use super::{Command, Operand, Pipe, Place, Word};
use crate::value::{Value, float};

impl Parser<'_> {
    /// Reads commands up to a closing token.
    pub(super) fn pipeline(&mut self, context: &str, end: &Token) -> Result<Pipe, String> {
        self.spaces();
        let mut pipe = Pipe { variables: Vec::new(), assigns: false, commands: Vec::new() };
        self.declarations(&mut pipe, context)?;
        loop {
            self.spaces();
            if self.eat(end) {
                if pipe.commands.is_empty() {
                    return Err(format!("missing value for {context}"));
                }
                return Ok(pipe);
            }
            pipe.commands.push(self.command(context, end)?);
        }
    }

    fn declarations(&mut self, pipe: &mut Pipe, context: &str) -> Result<(), String> {
        let start = self.at;
        let mut names = Vec::new();
        loop {
            self.spaces();
            let Some(Token::Variable(name)) = self.peek() else {
                break;
            };
            names.push(name.clone());
            self.at += 1;
            self.spaces();
            match self.next() {
                Some(Token::Comma) if context == "range" && names.len() < 2 => {}
                Some(token @ (Token::Declare | Token::Assign)) => {
                    pipe.assigns = token == Token::Assign;
                    if let Some(unknown) = names.iter().find(|name| pipe.assigns && !self.variables.contains(name)) {
                        return Err(format!("undefined variable \"{unknown}\""));
                    }
                    self.variables.extend(names.iter().cloned());
                    pipe.variables = names;
                    return Ok(());
                }
                _ => break,
            }
        }
        self.at = start;
        Ok(())
    }

    fn command(&mut self, context: &str, end: &Token) -> Result<Command, String> {
        let start = self.offset();
        let mut stop = start;
        let mut words = Vec::new();
        loop {
            self.spaces();
            match self.peek() {
                Some(Token::Pipe) => {
                    self.at += 1;
                    self.spaces();
                    if words.is_empty() || self.peek() == Some(end) {
                        return Err(format!("missing value for {context}"));
                    }
                    break;
                }
                token if token == Some(end) => break,
                _ => {
                    words.push(self.word()?);
                    stop = self.offset();
                }
            }
        }
        let text = self.source.get(start..stop).unwrap_or("").to_owned();
        Ok(Command { place: Place { offset: start, text }, words })
    }

    fn word(&mut self) -> Result<Word, String> {
        let start = self.offset();
        let what = match self.next() {
            Some(Token::Dot) => Operand::Dot,
            Some(Token::Field(_)) => {
                self.at -= 1;
                Operand::Dot
            }
            Some(Token::Variable(name)) => {
                if !self.variables.contains(&name) {
                    return Err(format!("undefined variable \"{name}\""));
                }
                Operand::Variable(name)
            }
            Some(Token::Quoted(text)) => Operand::Literal(Value::from(text)),
            Some(Token::Char(number)) => Operand::Literal(Value::Int(number)),
            Some(Token::Number(text)) => Operand::Literal(number(&text)?),
            Some(Token::Word(word)) => match word.as_str() {
                "true" => Operand::Literal(Value::Bool(true)),
                "false" => Operand::Literal(Value::Bool(false)),
                "nil" => Operand::Nil,
                name if is_function(name) => Operand::Function(word),
                name => return Err(format!("function \"{name}\" not defined")),
            },
            Some(Token::LeftParen) => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err("too many nested parentheses".to_owned());
                }
                let pipe = self.pipeline("parenthesized pipeline", &Token::RightParen)?;
                self.depth -= 1;
                Operand::Pipe(pipe)
            }
            other => return Err(unexpected(other.as_ref(), "operand")),
        };
        let mut fields = Vec::new();
        let mut second = None;
        while let Some(Token::Field(name)) = self.peek().cloned() {
            let is_chain = !fields.is_empty() || !matches!(what, Operand::Dot);
            if is_chain && second.is_none() {
                second = Some(self.offset());
            }
            fields.push(name);
            self.at += 1;
        }
        let text = self.source.get(start..self.offset()).unwrap_or("").to_owned();
        // Go places a chain of fields at its second link.
        let offset = second.unwrap_or(start);
        Ok(Word { place: Place { offset, text }, what, fields })
    }
}

fn number(text: &str) -> Result<Value, String> {
    let bad = || format!("bad number syntax: \"{text}\"");
    let digits = text.trim_start_matches(['+', '-']);
    if let Some(hexadecimal) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        let number = i64::from_str_radix(hexadecimal, 16).map_err(|_| bad())?;
        return Ok(Value::Int(if text.starts_with('-') { -number } else { number }));
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err(bad());
    }
    match text.parse() {
        Ok(whole) => Ok(Value::Int(whole)),
        Err(_) => float::read(text).map(Value::Float).ok_or_else(bad),
    }
}
