//! A terminal: what stands on its screen.

use std::rc::Rc;

use crate::kubectl::{Line, ProcessId, Stream};
use crate::time::Time;

/// So many terminals can be open.
pub const TERMINALS: usize = 8;

/// So many rows make a block: what is full is never drawn again.
const BLOCK: usize = 50;

/// At most so many blocks are kept: two thousand rows.
const BLOCKS: usize = 40;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A command line.
    In,
    /// Standard output.
    Out,
    /// Standard error.
    Err,
    /// Said by the terminal itself.
    Note,
}

/// One row of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// When it was written.
    pub at: Time,
    /// What it is.
    pub tone: Tone,
    /// Its text, without the line end.
    pub text: Rc<str>,
}

/// Rows that follow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// So many rows were written before its first.
    pub first: usize,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Block {
    fn end(&self) -> usize {
        self.first + self.rows.len()
    }
}

/// A command whose output goes to this terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Job {
    id: ProcessId,
    /// Pieces of its output shown so far.
    taken: usize,
    /// A piece without a line end yet.
    open: String,
}

/// One terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    blocks: Vec<Rc<Block>>,
    /// So many rows had been written when the screen was emptied last.
    pub cleared: usize,
    /// The command that has the terminal; its end gives the prompt back.
    pub foreground: Option<ProcessId>,
    jobs: Vec<Job>,
}

impl Terminal {
    /// Writes a row.
    pub fn write(&mut self, at: Time, tone: Tone, text: &str) {
        let row = Row { at, tone, text: text.into() };
        match self.blocks.last_mut() {
            Some(block) if block.rows.len() < BLOCK => Rc::make_mut(block).rows.push(row),
            last => {
                let first = last.map_or(0, |block| block.end());
                self.blocks.push(Rc::new(Block { first, rows: vec![row] }));
            }
        }
        if self.blocks.len() > BLOCKS {
            self.blocks.remove(0);
        }
    }

    /// Every row that is kept, oldest first.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.blocks.iter().flat_map(|block| block.rows.iter())
    }

    /// Empties the screen. What stood there is remembered.
    pub fn clear(&mut self) {
        self.cleared = self.blocks.last().map_or(0, |block| block.end());
    }

    /// The blocks that stand on the screen; rows of the first may have been cleared away.
    pub fn screen(&self) -> impl Iterator<Item = &Rc<Block>> {
        self.blocks.iter().filter(|block| block.end() > self.cleared)
    }

    /// From now on the output of this command is shown here.
    pub fn attach(&mut self, id: ProcessId, foreground: bool) {
        self.jobs.push(Job { id, taken: 0, open: String::new() });
        if foreground {
            self.foreground = Some(id);
        }
    }

    /// Whether the output of this command is shown here.
    pub fn shows(&self, id: ProcessId) -> bool {
        self.jobs.iter().any(|job| job.id == id)
    }

    /// Takes over what a command has printed since; `ended` when it prints no more.
    pub fn follow(&mut self, id: ProcessId, output: &[Line], ended: bool) {
        let Some(at) = self.jobs.iter().position(|job| job.id == id) else { return };
        let mut job = self.jobs.swap_remove(at);
        for line in output.iter().skip(job.taken) {
            let tone = if line.stream == Stream::Err { Tone::Err } else { Tone::Out };
            job.open.push_str(&line.text);
            while let Some((row, rest)) = job.open.split_once('\n') {
                self.write(line.at, tone, row);
                job.open = String::from(rest);
            }
        }
        job.taken = output.len();
        if ended {
            if !job.open.is_empty() {
                let at = output.last().map_or(Time(0), |line| line.at);
                self.write(at, Tone::Out, &job.open);
            }
            if self.foreground == Some(id) {
                self.foreground = None;
            }
        } else {
            self.jobs.push(job);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(text: &'static str) -> Line {
        Line { at: Time(0), stream: Stream::Out, text: text.into() }
    }

    fn screen(terminal: &Terminal) -> Vec<&str> {
        terminal.rows().map(|row| &*row.text).collect()
    }

    #[test]
    fn pieces_of_output_become_whole_rows() {
        let mut terminal = Terminal::default();
        let watch = ProcessId(7);
        terminal.attach(watch, true);
        let first = vec![out("NAME\nmehdb"), out("-0\nmeh")];
        terminal.follow(watch, &first, false);
        assert_eq!(screen(&terminal), ["NAME", "mehdb-0"]);
        let more = [first, vec![out("db-1")]].concat();
        terminal.follow(watch, &more, true);
        assert_eq!(screen(&terminal), ["NAME", "mehdb-0", "mehdb-1"]);
        assert_eq!(terminal.foreground, None);
    }

    #[test]
    fn an_emptied_screen_shows_only_what_comes_after() {
        let mut terminal = Terminal::default();
        terminal.write(Time(0), Tone::Out, "before");
        terminal.clear();
        assert_eq!(terminal.screen().count(), 0);
        terminal.write(Time(1), Tone::Out, "after");
        let block = terminal.screen().next().unwrap();
        let shown = block.rows.iter().skip(terminal.cleared - block.first);
        assert_eq!(shown.map(|row| &*row.text).collect::<Vec<_>>(), ["after"]);
        assert_eq!(terminal.rows().count(), 2, "the transcript has both");
    }

    #[test]
    fn a_screen_has_an_end() {
        let mut terminal = Terminal::default();
        for n in 0..5000 {
            terminal.write(Time(0), Tone::Out, &n.to_string());
        }
        assert!(terminal.rows().count() <= BLOCK * BLOCKS);
        assert_eq!(terminal.rows().last().map(|row| row.text.to_string()).as_deref(), Some("4999"));
    }

    #[test]
    fn what_is_written_later_leaves_full_blocks_as_they_are() {
        let mut terminal = Terminal::default();
        let fill = |terminal: &mut Terminal| (0..BLOCK).for_each(|_| terminal.write(Time(0), Tone::Out, "row"));
        fill(&mut terminal);
        let before: Vec<Rc<Block>> = terminal.screen().cloned().collect();
        fill(&mut terminal);
        let after: Vec<Rc<Block>> = terminal.screen().cloned().collect();
        assert_eq!((before.len(), after.len()), (1, 2));
        assert!(before.iter().zip(&after).all(|(before, after)| Rc::ptr_eq(before, after)));
    }
}
