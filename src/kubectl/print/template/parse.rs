//! Reading a Go template.

use super::lex::{Token, tokens};
use super::{Branch, Node, Template};
use crate::sorted::SortedMap;

/// Blocks and parentheses nest at most so deep.
pub(super) const DEEPEST: usize = 100;

pub(super) fn template(source: &str) -> Result<Template, String> {
    let at_line = |offset: usize, what: String| {
        let line = 1 + source.get(..offset).unwrap_or("").matches('\n').count();
        format!("template: output:{line}: {what}")
    };
    let tokens = tokens(source).map_err(|(offset, what)| at_line(offset, what))?;
    let mut parser =
        Parser { source, tokens, at: 0, variables: vec!["$".to_owned()], named: SortedMap::new(), loops: 0, depth: 0 };
    let (main, end) = parser.block().map_err(|what| at_line(parser.offset(), what))?;
    match end {
        End::Source => Ok(Template { source: source.to_owned(), main, named: parser.named }),
        End::Block => Err(at_line(parser.offset(), "unexpected {{end}}".to_owned())),
        End::Else => Err(at_line(parser.offset(), "unexpected {{else}}".to_owned())),
    }
}

/// How a list of nodes ended.
#[derive(PartialEq)]
enum End {
    Source,
    Block,
    /// `{{else`, whose rest is still to be read.
    Else,
}

/// Where the reading is.
pub(super) struct Parser<'a> {
    pub(super) source: &'a str,
    tokens: Vec<(usize, Token)>,
    pub(super) at: usize,
    /// The variables that are known here.
    pub(super) variables: Vec<String>,
    named: SortedMap<String, Vec<Node>>,
    loops: usize,
    pub(super) depth: usize,
}

impl Parser<'_> {
    pub(super) fn offset(&self) -> usize {
        self.tokens.get(self.at).map_or(self.source.len(), |(offset, _)| *offset)
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.at += 1;
        token
    }

    pub(super) fn eat(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    pub(super) fn spaces(&mut self) {
        while self.eat(&Token::Space) {}
    }

    fn close(&mut self, context: &str) -> Result<(), String> {
        self.spaces();
        match self.next() {
            Some(Token::Close) => Ok(()),
            other => Err(unexpected(other.as_ref(), context)),
        }
    }

    /// Reads up to `{{end}}`, `{{else` or the end of the source.
    fn block(&mut self) -> Result<(Vec<Node>, End), String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("too many nested blocks".to_owned());
        }
        let scope = self.variables.len();
        let mut nodes = Vec::new();
        let end = loop {
            match self.next() {
                None => break End::Source,
                Some(Token::Text(text)) => nodes.push(Node::Text(text)),
                Some(_) => {
                    self.spaces();
                    let word = match self.peek() {
                        Some(Token::Word(word)) => word.clone(),
                        _ => String::new(),
                    };
                    match word.as_str() {
                        "end" => {
                            self.at += 1;
                            self.close("end")?;
                            break End::Block;
                        }
                        "else" => {
                            self.at += 1;
                            break End::Else;
                        }
                        _ => nodes.extend(self.action(&word)?),
                    }
                }
            }
        };
        self.variables.truncate(scope);
        self.depth -= 1;
        Ok((nodes, end))
    }

    fn action(&mut self, word: &str) -> Result<Option<Node>, String> {
        let is_keyword =
            matches!(word, "if" | "with" | "range" | "define" | "block" | "template" | "break" | "continue");
        if !is_keyword {
            let pipe = self.pipeline("command", &Token::Close)?;
            return Ok(Some(Node::Print(pipe)));
        }
        self.at += 1;
        let node = match word {
            "if" => Node::If(self.branch("if")?),
            "with" => Node::With(self.branch("with")?),
            "range" => Node::Range(self.branch("range")?),
            "break" | "continue" => {
                self.close(word)?;
                if self.loops == 0 {
                    return Err(format!("{{{{{word}}}}} outside {{{{range}}}}"));
                }
                if word == "break" { Node::Break } else { Node::Continue }
            }
            "define" => {
                let name = self.name("define clause")?;
                self.close("define clause")?;
                let body = self.body("define clause")?;
                self.named.insert(name, body);
                return Ok(None);
            }
            "block" => {
                let name = self.name("block clause")?;
                let pipe = self.pipeline("block clause", &Token::Close)?;
                let body = self.body("block clause")?;
                self.named.insert(name.clone(), body);
                Node::Call(name, Some(pipe))
            }
            _ => {
                let name = self.name("template clause")?;
                self.spaces();
                if self.eat(&Token::Close) {
                    Node::Call(name, None)
                } else {
                    Node::Call(name, Some(self.pipeline("template clause", &Token::Close)?))
                }
            }
        };
        Ok(Some(node))
    }

    fn name(&mut self, context: &str) -> Result<String, String> {
        self.spaces();
        match self.next() {
            Some(Token::Quoted(name)) => Ok(name),
            other => Err(unexpected(other.as_ref(), context)),
        }
    }

    fn body(&mut self, context: &str) -> Result<Vec<Node>, String> {
        match self.block()? {
            (nodes, End::Block) => Ok(nodes),
            (_, End::Else) => Err(format!("unexpected {{{{else}}}} in {context}")),
            (_, End::Source) => Err("unexpected EOF".to_owned()),
        }
    }

    fn branch(&mut self, keyword: &str) -> Result<Branch, String> {
        let scope = self.variables.len();
        let pipe = self.pipeline(keyword, &Token::Close)?;
        self.loops += usize::from(keyword == "range");
        let (then, end) = self.block()?;
        self.loops -= usize::from(keyword == "range");
        let otherwise = match end {
            End::Source => return Err("unexpected EOF".to_owned()),
            End::Block => Vec::new(),
            End::Else => self.alternative(keyword)?,
        };
        self.variables.truncate(scope);
        Ok(Branch { pipe, then, otherwise })
    }

    /// After `{{else`: either it closes, or another condition follows.
    fn alternative(&mut self, keyword: &str) -> Result<Vec<Node>, String> {
        self.spaces();
        let word = Token::Word(keyword.to_owned());
        if keyword != "range" && self.eat(&word) {
            self.depth += 1;
            if self.depth > DEEPEST {
                return Err("too many nested blocks".to_owned());
            }
            let branch = self.branch(keyword)?;
            self.depth -= 1;
            return Ok(vec![if keyword == "if" { Node::If(branch) } else { Node::With(branch) }]);
        }
        self.close("else")?;
        match self.block()? {
            (nodes, End::Block) => Ok(nodes),
            (_, End::Else) => Err("expected end; found {{else}}".to_owned()),
            (_, End::Source) => Err("unexpected EOF".to_owned()),
        }
    }
}

/// What is said of a token that cannot stand where it stands.
pub(super) fn unexpected(token: Option<&Token>, context: &str) -> String {
    let shown = match token {
        None => return "unexpected EOF".to_owned(),
        Some(Token::Close) => "\"}}\"".to_owned(),
        Some(Token::Open) => "\"{{\"".to_owned(),
        Some(Token::Declare) => "\":=\"".to_owned(),
        Some(Token::Assign) => "\"=\"".to_owned(),
        Some(Token::Comma) => "\",\"".to_owned(),
        Some(Token::Pipe) => "\"|\"".to_owned(),
        Some(Token::LeftParen) => "\"(\"".to_owned(),
        Some(Token::RightParen) => "\")\"".to_owned(),
        Some(Token::Word(word))
            if matches!(word.as_str(), "if" | "else" | "end" | "range" | "with" | "define" | "template") =>
        {
            format!("<{word}>")
        }
        Some(Token::Field(name)) => format!("\".{name}\""),
        Some(Token::Word(text) | Token::Variable(text) | Token::Number(text)) => {
            format!("\"{text}\"")
        }
        Some(Token::Quoted(text)) => format!("\"\\\"{text}\\\"\""),
        Some(_) => "\" \"".to_owned(),
    };
    format!("unexpected {shown} in {context}")
}
