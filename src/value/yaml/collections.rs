//! Lists and maps, in blocks and in brackets.

use super::cursor::{Mark, Problem};
use super::parser::{Content, Id, Parser};
use super::token::Kind;

impl Parser<'_> {
    /// A node, or nothing before the tokens that cannot begin one.
    fn node_unless(
        &mut self,
        ends: &[Kind],
        block: bool,
        indentless: bool,
        depth: usize,
        at: Mark,
    ) -> Result<Id, Problem> {
        if self.next_is(ends)? {
            return Ok(self.empty(at));
        }
        self.node(block, indentless, depth + 1)
    }

    pub(super) fn list(&mut self, depth: usize) -> Result<Vec<Id>, Problem> {
        let start = self.peek()?.1;
        self.scanner.take();
        let mut items = Vec::new();
        loop {
            let (kind, at, end) = self.peek()?;
            match kind {
                Kind::Entry => {
                    self.scanner.take();
                    items.push(self.node_unless(&[Kind::Entry, Kind::BlockEnd], true, false, depth, end)?);
                }
                Kind::BlockEnd => {
                    self.scanner.take();
                    return Ok(items);
                }
                _ => {
                    return Err(Problem::of_parser("did not find expected '-' indicator", start, at));
                }
            }
        }
    }

    /// A list at the level of the key it belongs to.
    pub(super) fn indentless_list(&mut self, depth: usize) -> Result<Vec<Id>, Problem> {
        let mut items = Vec::new();
        loop {
            let (kind, _, end) = self.peek()?;
            if kind != Kind::Entry {
                return Ok(items);
            }
            self.scanner.take();
            let ends = [Kind::Entry, Kind::Key, Kind::Value, Kind::BlockEnd];
            items.push(self.node_unless(&ends, true, false, depth, end)?);
        }
    }

    pub(super) fn map(&mut self, depth: usize) -> Result<Vec<(Id, Id)>, Problem> {
        let start = self.peek()?.1;
        self.scanner.take();
        let ends = [Kind::Key, Kind::Value, Kind::BlockEnd];
        let mut pairs = Vec::new();
        loop {
            let (kind, at, end) = self.peek()?;
            let key = match kind {
                Kind::Key => {
                    self.scanner.take();
                    self.node_unless(&ends, true, true, depth, end)?
                }
                Kind::BlockEnd => {
                    self.scanner.take();
                    return Ok(pairs);
                }
                _ => return Err(Problem::of_parser("did not find expected key", start, at)),
            };
            let (kind, at, end) = self.peek()?;
            let value = if kind == Kind::Value {
                self.scanner.take();
                self.node_unless(&ends, true, true, depth, end)?
            } else {
                self.empty(at)
            };
            pairs.push((key, value));
        }
    }

    /// Steps over the comma before any but the first entry; answers whether another entry follows.
    fn next_entry(&mut self, first: bool, close: Kind, start: Mark, message: &str) -> Result<bool, Problem> {
        let (mut kind, at, _) = self.peek()?;
        if kind != close && !first {
            if kind != Kind::FlowEntry {
                return Err(Problem::of_parser(message, start, at));
            }
            self.scanner.take();
            kind = self.peek()?.0;
        }
        if kind == close {
            self.scanner.take();
        }
        Ok(kind != close)
    }

    pub(super) fn flow_list(&mut self, depth: usize) -> Result<Vec<Id>, Problem> {
        let start = self.peek()?.1;
        self.scanner.take();
        let mut items = Vec::new();
        let close = Kind::FlowListEnd;
        while self.next_entry(items.is_empty(), close, start, "did not find expected ',' or ']'")? {
            let (kind, at, _) = self.peek()?;
            if kind != Kind::Key {
                items.push(self.node(false, false, depth + 1)?);
                continue;
            }
            // A lone pair in a list is a map of its own.
            self.scanner.take();
            let id = self.empty(at);
            let (kind, _, end) = self.peek()?;
            let key = if matches!(kind, Kind::Value | Kind::FlowEntry | Kind::FlowListEnd) {
                // The real parser swallows the token here.
                self.scanner.take();
                self.empty(end)
            } else {
                self.node(false, false, depth + 2)?
            };
            let (kind, at, _) = self.peek()?;
            let value = if kind == Kind::Value {
                self.scanner.take();
                self.node_unless(&[Kind::FlowEntry, close], false, false, depth + 1, at)?
            } else {
                self.empty(at)
            };
            self.peek()?;
            self.set(id, Content::Map(vec![(key, value)]));
            items.push(id);
        }
        Ok(items)
    }

    pub(super) fn flow_map(&mut self, depth: usize) -> Result<Vec<(Id, Id)>, Problem> {
        let start = self.peek()?.1;
        self.scanner.take();
        let mut pairs = Vec::new();
        let close = Kind::FlowMapEnd;
        while self.next_entry(pairs.is_empty(), close, start, "did not find expected ',' or '}'")? {
            let ends = [Kind::FlowEntry, close];
            if self.next_is(&[Kind::Key])? {
                self.scanner.take();
                let at = self.peek()?.1;
                let key = self.node_unless(&[Kind::Value, Kind::FlowEntry, close], false, false, depth, at)?;
                let (kind, at, _) = self.peek()?;
                let value = if kind == Kind::Value {
                    self.scanner.take();
                    self.node_unless(&ends, false, false, depth, at)?
                } else {
                    self.empty(at)
                };
                pairs.push((key, value));
            } else {
                let key = self.node(false, false, depth + 1)?;
                let at = self.peek()?.1;
                let value = self.empty(at);
                pairs.push((key, value));
            }
        }
        Ok(pairs)
    }
}
