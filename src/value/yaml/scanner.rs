//! From characters to tokens. The order in which things are noticed decides which complaint is made, so the steps
//! follow the known YAML 1.1 algorithm: indentation opens and closes blocks, and whatever may turn out to be a
//! key is remembered until its colon comes or can no longer come.

use super::cursor::{Cursor, Mark, Problem};
use super::token::{Kind, Token};
use std::collections::VecDeque;

/// A key must be seen as such within so many characters.
const KEY_REACH: usize = 1024;
/// The real parser's bound on open brackets and on indentation levels.
pub(super) const DEEPEST: usize = 10_000;

/// What may turn out to be a key.
#[derive(Clone, Copy, Default)]
pub(super) struct Candidate {
    pub(super) possible: bool,
    /// At the indentation of a map, where nothing but a key can be.
    pub(super) required: bool,
    /// Whether tokens wait for it to be decided.
    pub(super) awaited: bool,
    /// The number of its first token.
    pub(super) token: usize,
    pub(super) mark: Mark,
}

/// The scanner; tokens wait in a queue while a key is undecided.
pub struct Scanner<'t> {
    pub(super) cursor: Cursor<'t>,
    pub(super) tokens: VecDeque<Token>,
    pub(super) taken: usize,
    /// The column of the innermost block; -1 outside of all.
    pub(super) indent: isize,
    indents: Vec<isize>,
    /// One for each open bracket, and one for the block outside.
    pub(super) candidates: Vec<Candidate>,
    pub(super) key_allowed: bool,
}

impl<'t> Scanner<'t> {
    /// At the beginning of a text.
    pub fn new(text: &'t str) -> Self {
        Self {
            cursor: Cursor::new(text),
            tokens: VecDeque::new(),
            taken: 0,
            indent: -1,
            indents: Vec::new(),
            candidates: vec![Candidate::default()],
            key_allowed: true,
        }
    }

    /// Whether brackets are open.
    pub fn in_flow(&self) -> bool {
        self.candidates.len() > 1
    }

    /// The next token's kind and place.
    pub fn peek(&mut self) -> Result<(Kind, Mark, Mark), Problem> {
        while self.tokens.is_empty() || self.head_is_undecided()? {
            self.fetch()?;
        }
        let end = self.cursor.mark;
        Ok(self.tokens.front().map_or((Kind::End, end, end), |token| (token.kind, token.start, token.end)))
    }

    /// Takes the next token, after a look at it.
    pub fn take(&mut self) -> Option<Token> {
        self.taken += 1;
        self.tokens.pop_front()
    }

    /// Whether the first token waiting may become a key.
    fn head_is_undecided(&mut self) -> Result<bool, Problem> {
        let head = self.taken;
        let from = self.candidates.partition_point(|c| c.token < head);
        let found = self.candidates.iter().skip(from).take_while(|c| c.token == head).position(|c| c.awaited);
        match found {
            Some(at) => self.is_valid(from + at),
            None => Ok(false),
        }
    }

    /// Whether a candidate can still become a key: on its line, and not too far back.
    pub(super) fn is_valid(&mut self, level: usize) -> Result<bool, Problem> {
        let now = self.cursor.mark;
        let Some(candidate) = self.candidates.get_mut(level) else {
            return Ok(false);
        };
        if candidate.possible && (candidate.mark.line < now.line || candidate.mark.index + KEY_REACH < now.index) {
            if candidate.required {
                return Err(self.cursor.problem(candidate.mark, "could not find expected ':'"));
            }
            candidate.possible = false;
        }
        Ok(candidate.possible)
    }

    pub(super) fn remember_candidate(&mut self) -> Result<(), Problem> {
        if self.key_allowed {
            let candidate = Candidate {
                possible: true,
                required: !self.in_flow() && self.indent == self.cursor.mark.column as isize,
                awaited: true,
                token: self.taken + self.tokens.len(),
                mark: self.cursor.mark,
            };
            self.forget_candidate()?;
            if let Some(last) = self.candidates.last_mut() {
                *last = candidate;
            }
        }
        Ok(())
    }

    pub(super) fn forget_candidate(&mut self) -> Result<(), Problem> {
        if let Some(last) = self.candidates.last_mut()
            && last.possible
        {
            if last.required {
                return Err(self.cursor.problem(last.mark, "could not find expected ':'"));
            }
            last.possible = false;
            last.awaited = false;
        }
        Ok(())
    }

    pub(super) fn token(kind: Kind, start: Mark, end: Mark) -> Token {
        let (text, more) = (String::new(), String::new());
        Token { kind, start, end, text, more }
    }

    /// A token that begins with the given number of characters here.
    pub(super) fn mark_token(&mut self, kind: Kind, length: usize) {
        let start = self.cursor.mark;
        self.cursor.skip_many(length);
        self.tokens.push_back(Self::token(kind, start, self.cursor.mark));
    }

    /// Puts a token before the one with that number; one that is gone already cannot be preceded any more.
    pub(super) fn insert(&mut self, number: usize, token: Token) {
        let at = number.checked_sub(self.taken).unwrap_or(self.tokens.len());
        self.tokens.insert(at.min(self.tokens.len()), token);
    }

    pub(super) fn open_block(
        &mut self,
        column: usize,
        number: Option<usize>,
        kind: Kind,
        mark: Mark,
    ) -> Result<(), Problem> {
        if !self.in_flow() && self.indent < column as isize {
            self.indents.push(self.indent);
            self.indent = column as isize;
            if self.indents.len() > DEEPEST {
                return Err(self.too_deep());
            }
            let number = number.unwrap_or(self.taken + self.tokens.len());
            self.insert(number, Self::token(kind, mark, mark));
        }
        Ok(())
    }

    pub(super) fn close_blocks(&mut self, column: isize) {
        if !self.in_flow() {
            let mark = self.cursor.mark;
            while self.indent > column {
                self.tokens.push_back(Self::token(Kind::BlockEnd, mark, mark));
                self.indent = self.indents.pop().unwrap_or(-1);
            }
        }
    }

    pub(super) fn too_deep(&self) -> Problem {
        let mark = self.candidates.last().map_or(self.cursor.mark, |c| c.mark);
        self.cursor.problem(mark, "exceeded max depth of 10000")
    }

    /// Makes at least one more token.
    fn fetch(&mut self) -> Result<(), Problem> {
        self.skip_to_token();
        let column = self.cursor.mark.column;
        self.close_blocks(column as isize);
        let byte = self.cursor.byte(0);
        if self.cursor.is_end() {
            return self.end_of_text();
        }
        if column == 0 && byte == b'%' {
            self.close_blocks(-1);
            self.forget_candidate()?;
            self.key_allowed = false;
            let token = self.directive()?;
            self.tokens.push_back(token);
            return Ok(());
        }
        if let Some(mark) = self.cursor.document_mark() {
            self.close_blocks(-1);
            self.forget_candidate()?;
            self.key_allowed = false;
            let kind = if mark == b'-' { Kind::DocumentStart } else { Kind::DocumentEnd };
            self.mark_token(kind, 3);
            return Ok(());
        }
        let flow = self.in_flow();
        let blank_follows = self.cursor.is_blank_or_end(1);
        match byte {
            b'[' => self.open_bracket(Kind::FlowListStart),
            b'{' => self.open_bracket(Kind::FlowMapStart),
            b']' => self.close_bracket(Kind::FlowListEnd),
            b'}' => self.close_bracket(Kind::FlowMapEnd),
            b',' => {
                self.forget_candidate()?;
                self.key_allowed = true;
                self.mark_token(Kind::FlowEntry, 1);
                Ok(())
            }
            b'-' if blank_follows => self.entry(),
            b'?' if flow || blank_follows => self.key(),
            b':' if flow || blank_follows => self.value(),
            b'*' => self.named(Kind::Alias),
            b'&' => self.named(Kind::Anchor),
            b'!' => self.scalar(Self::tag),
            b'|' | b'>' if !flow => {
                self.forget_candidate()?;
                self.key_allowed = true;
                let token = self.block_scalar()?;
                self.tokens.push_back(token);
                Ok(())
            }
            b'\'' | b'"' => self.scalar(Self::quoted_scalar),
            b'#' | b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' => Err(self.no_token()),
            _ => self.scalar(Self::plain_scalar),
        }
    }

    fn no_token(&self) -> Problem {
        self.cursor.problem(self.cursor.mark, "found character that cannot start any token")
    }

    /// Blanks, comments and line breaks. A tab counts as a blank only where no key can begin.
    fn skip_to_token(&mut self) {
        loop {
            while self.cursor.byte(0) == b' ' || self.cursor.byte(0) == b'\t' && (self.in_flow() || !self.key_allowed) {
                self.cursor.skip();
            }
            self.cursor.skip_comment();
            if !self.cursor.is_break() {
                return;
            }
            self.cursor.skip_break();
            if !self.in_flow() {
                self.key_allowed = true;
            }
        }
    }
}
