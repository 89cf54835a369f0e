//! Brackets, dashes, question marks, colons and names: the marks that give a text its shape.

use super::cursor::Problem;
use super::scanner::{Candidate, DEEPEST, Scanner};
use super::token::{Kind, Token};

impl Scanner<'_> {
    pub(super) fn end_of_text(&mut self) -> Result<(), Problem> {
        if self.cursor.mark.column != 0 {
            self.cursor.mark.column = 0;
            self.cursor.mark.line += 1;
        }
        self.close_blocks(-1);
        self.forget_candidate()?;
        self.key_allowed = false;
        self.mark_token(Kind::End, 0);
        Ok(())
    }

    pub(super) fn open_bracket(&mut self, kind: Kind) -> Result<(), Problem> {
        self.remember_candidate()?;
        self.candidates.push(Candidate {
            token: self.taken + self.tokens.len(),
            mark: self.cursor.mark,
            ..Candidate::default()
        });
        if self.candidates.len() > DEEPEST + 1 {
            return Err(self.too_deep());
        }
        self.key_allowed = true;
        self.mark_token(kind, 1);
        Ok(())
    }

    pub(super) fn close_bracket(&mut self, kind: Kind) -> Result<(), Problem> {
        self.forget_candidate()?;
        if self.in_flow()
            && let Some(closed) = self.candidates.pop()
            && let Some(outer) = self.candidates.last_mut()
            && outer.token == closed.token
        {
            // An empty bracket as a key is no longer waited for, so `[]: x` fails: so it does in kubectl.
            outer.awaited = false;
        }
        self.key_allowed = false;
        self.mark_token(kind, 1);
        Ok(())
    }

    pub(super) fn entry(&mut self) -> Result<(), Problem> {
        if !self.in_flow() {
            let mark = self.cursor.mark;
            if !self.key_allowed {
                return Err(self.cursor.problem(mark, "block sequence entries are not allowed in this context"));
            }
            self.open_block(mark.column, None, Kind::ListStart, mark)?;
        }
        self.forget_candidate()?;
        self.key_allowed = true;
        self.mark_token(Kind::Entry, 1);
        Ok(())
    }

    pub(super) fn key(&mut self) -> Result<(), Problem> {
        if !self.in_flow() {
            let mark = self.cursor.mark;
            if !self.key_allowed {
                return Err(self.cursor.problem(mark, "mapping keys are not allowed in this context"));
            }
            self.open_block(mark.column, None, Kind::MapStart, mark)?;
        }
        self.forget_candidate()?;
        self.key_allowed = !self.in_flow();
        self.mark_token(Kind::Key, 1);
        Ok(())
    }

    pub(super) fn value(&mut self) -> Result<(), Problem> {
        let level = self.candidates.len() - 1;
        if self.is_valid(level)? {
            let candidate = self.candidates.get(level).copied().unwrap_or_default();
            let (number, mark) = (candidate.token, candidate.mark);
            self.insert(number, Self::token(Kind::Key, mark, mark));
            self.open_block(mark.column, Some(number), Kind::MapStart, mark)?;
            if let Some(candidate) = self.candidates.last_mut() {
                candidate.possible = false;
                candidate.awaited = false;
            }
            self.key_allowed = false;
        } else {
            if !self.in_flow() {
                let mark = self.cursor.mark;
                if !self.key_allowed {
                    return Err(self.cursor.problem(mark, "mapping values are not allowed in this context"));
                }
                self.open_block(mark.column, None, Kind::MapStart, mark)?;
            }
            self.key_allowed = !self.in_flow();
        }
        self.mark_token(Kind::Value, 1);
        Ok(())
    }

    /// Something that may be a key and that no key can follow.
    pub(super) fn scalar(&mut self, scan: fn(&mut Self) -> Result<Token, Problem>) -> Result<(), Problem> {
        self.remember_candidate()?;
        self.key_allowed = false;
        let token = scan(self)?;
        self.tokens.push_back(token);
        Ok(())
    }

    pub(super) fn named(&mut self, kind: Kind) -> Result<(), Problem> {
        self.remember_candidate()?;
        self.key_allowed = false;
        let start = self.cursor.mark;
        self.cursor.skip();
        let text = self.cursor.take_word();
        let ended = self.cursor.is_blank_or_end(0)
            || matches!(self.cursor.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if text.is_empty() || !ended {
            return Err(self.cursor.problem(start, "did not find expected alphabetic or numeric character"));
        }
        let mut token = Self::token(kind, start, self.cursor.mark);
        token.text = text;
        self.tokens.push_back(token);
        Ok(())
    }
}
