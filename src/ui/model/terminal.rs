//! A terminal: what stands on its screen, and the line below it.

use std::rc::Rc;

use crate::kubectl::{Line, ProcessId, Stream};
use crate::time::Time;
use crate::value::Text;

/// At most so many rows are kept.
const ROWS: usize = 2000;

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
    /// The screen, oldest row first.
    pub rows: Rc<Vec<Row>>,
    /// So many of them were on the screen when it was emptied last.
    pub cleared: usize,
    /// The command that has the terminal; its end gives the prompt back.
    pub foreground: Option<ProcessId>,
    jobs: Vec<Job>,
}

/// The line below a screen. It is the user's, not the laboratory's: going back in time leaves it alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// What is being typed.
    pub draft: Text,
    /// What the Tab key would make of it.
    pub suggestion: Option<Text>,
    typed: Vec<Text>,
    /// How far back in `typed` the draft is; 0 is a new line.
    back: usize,
}

impl Prompt {
    /// Keeps a typed line for the arrow keys and empties the draft.
    pub fn typed(&mut self, line: &str) {
        if self.typed.last().is_none_or(|last| last.as_str() != line) {
            self.typed.push(Text::copy(line));
        }
        self.draft = Text::default();
        self.suggestion = None;
        self.back = 0;
    }

    /// Goes one line back (or forth) in what was typed.
    pub fn recall(&mut self, older: bool) {
        let limit = self.typed.len();
        self.suggestion = None;
        self.back = if older { (self.back + 1).min(limit) } else { self.back.saturating_sub(1) };
        self.draft = match self.back {
            0 => Text::default(),
            back => self.typed.get(limit - back).cloned().unwrap_or_default(),
        };
    }
}

impl Terminal {
    /// Writes a row.
    pub fn write(&mut self, at: Time, tone: Tone, text: &str) {
        let rows = Rc::make_mut(&mut self.rows);
        rows.push(Row { at, tone, text: text.into() });
        if rows.len() > ROWS {
            rows.drain(..ROWS / 10);
            self.cleared = self.cleared.saturating_sub(ROWS / 10);
        }
    }

    /// Empties the screen. What stood there is remembered.
    pub fn clear(&mut self) {
        self.cleared = self.rows.len();
    }

    /// What stands on the screen.
    pub fn screen(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().skip(self.cleared)
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
        terminal.rows.iter().map(|row| &*row.text).collect()
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
    fn arrows_walk_through_what_was_typed() {
        let mut prompt = Prompt::default();
        prompt.typed("kubectl get po");
        prompt.typed("kubectl get po");
        prompt.typed("kubectl get sts");
        prompt.recall(true);
        assert_eq!(prompt.draft, "kubectl get sts");
        prompt.recall(true);
        prompt.recall(true);
        assert_eq!(prompt.draft, "kubectl get po");
        prompt.recall(false);
        prompt.recall(false);
        assert_eq!(prompt.draft, "");
    }

    #[test]
    fn an_emptied_screen_shows_only_what_comes_after() {
        let mut terminal = Terminal::default();
        terminal.write(Time(0), Tone::Out, "before");
        terminal.clear();
        assert_eq!(terminal.screen().count(), 0);
        terminal.write(Time(1), Tone::Out, "after");
        assert_eq!(terminal.screen().map(|row| &*row.text).collect::<Vec<_>>(), ["after"]);
        assert_eq!(terminal.rows.len(), 2, "the transcript has both");
    }

    #[test]
    fn a_screen_has_an_end() {
        let mut terminal = Terminal::default();
        for n in 0..5000 {
            terminal.write(Time(0), Tone::Out, &n.to_string());
        }
        assert!(terminal.rows.len() <= ROWS);
        assert_eq!(terminal.rows.last().map(|row| row.text.to_string()).as_deref(), Some("4999"));
    }
}
