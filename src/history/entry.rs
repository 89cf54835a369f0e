//! What a person did and when, as values and as text: the journal of a branch.

use std::rc::Rc;

use crate::kubectl::ProcessId;
use crate::sim::Fault;
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::{Text, Value, json};

/// The files of the working directory, by their names.
pub type Files = Rc<SortedMap<Text, Text>>;

/// The name of the file that is there from the beginning.
pub const FILE: &str = "stateful.yaml";

/// One thing a person did to the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A line typed, or issued by a button, in a terminal.
    Line {
        /// The terminal.
        terminal: usize,
        /// Whether the terminal waits for it.
        foreground: bool,
        /// The line.
        line: String,
    },
    /// Ctrl-C in a terminal.
    Interrupt(usize),
    /// The editor of a command was closed; with what was saved there, unless the file is as it was.
    CloseEditor(ProcessId, Option<Text>),
    /// Something broken or mended.
    Fault(Fault),
}

/// An act, its moment, and the files as they were then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Time,
    /// After how many occurrences.
    pub step: u64,
    /// What.
    pub act: Act,
    /// The files of the editor.
    pub files: Files,
}

impl Entry {
    /// The act in one line, without its files: `1200 56 type 0 kubectl get pods`.
    pub fn head(&self) -> String {
        let (kind, words) = match &self.act {
            Act::Line { terminal, foreground: true, line } => ("type", format!("{terminal} {line}")),
            Act::Line { terminal, line, .. } => ("press", format!("{terminal} {line}")),
            Act::Interrupt(terminal) => ("interrupt", terminal.to_string()),
            Act::CloseEditor(id, None) => ("close", id.0.to_string()),
            Act::CloseEditor(id, Some(text)) => {
                ("save", format!("{} {}", id.0, json::to_compact(&Value::Text(text.clone()))))
            }
            Act::Fault(fault) => ("fault", fault.write()),
        };
        format!("{} {} {kind} {words}", self.at.0, self.step)
    }

    /// Reads what `head` wrote; `None` for anything else.
    pub fn read(head: &str, files: &Files) -> Option<Self> {
        let mut words = head.splitn(4, ' ');
        let at = Time(words.next()?.parse().ok().filter(|at| *at >= 0)?);
        let step = words.next()?.parse().ok()?;
        let kind = words.next()?;
        let rest = words.next()?;
        let line = |foreground| {
            let (terminal, line) = rest.split_once(' ')?;
            Some(Act::Line { terminal: terminal.parse().ok()?, foreground, line: line.to_owned() })
        };
        let act = match kind {
            "type" => line(true)?,
            "press" => line(false)?,
            "interrupt" => Act::Interrupt(rest.parse().ok()?),
            "close" => Act::CloseEditor(ProcessId(rest.parse().ok()?), None),
            "save" => {
                let (id, text) = rest.split_once(' ')?;
                let text = json::parse(text).ok().filter(|text| text.as_str().is_some())?;
                Act::CloseEditor(ProcessId(id.parse().ok()?), Some(text.text()))
            }
            "fault" => Act::Fault(Fault::read(rest)?),
            _ => return None,
        };
        Some(Self { at, step, act, files: files.clone() })
    }
}

impl Act {
    /// The act as it can be written down: a line has no line ends; one that was pasted in becomes a space.
    #[must_use]
    pub fn tidy(self) -> Self {
        match self {
            Self::Line { terminal, foreground, line } => {
                Self::Line { terminal, foreground, line: line.replace(['\n', '\r'], " ") }
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_reads_back_as_it_was() {
        let acts = [
            Act::Line { terminal: 1, foreground: true, line: "kubectl get pods -w".into() },
            Act::Line { terminal: 0, foreground: false, line: r#"kubectl patch sts a -p '{"b": 1}'"#.into() },
            Act::Line { terminal: 0, foreground: true, line: "  ".into() },
            Act::Interrupt(1),
            Act::CloseEditor(ProcessId(7), None),
            Act::CloseEditor(ProcessId(7), Some("# it's \"𝄞\"\r\n\tspec: {}\n".into())),
            Act::Fault(Fault::NodeStops("node-2".into())),
            Act::Fault(Fault::NodeStarts("node-2".into())),
            Act::Fault(Fault::ProvisionerStops),
            Act::Fault(Fault::ProvisionerStarts),
        ];
        for act in acts {
            let files: Files = Rc::new([(FILE.into(), "kind: Pod\nspec:\n".into())].into_iter().collect());
            let entry = Entry { at: Time(1234), step: 56, act, files };
            assert_eq!(Entry::read(&entry.head(), &entry.files).as_ref(), Some(&entry), "{}", entry.head());
        }
    }

    #[test]
    fn anything_else_is_no_act() {
        for text in [
            "",
            "press apply",
            "1 2 type",
            "1 2 type x ls",
            "-1 2 type 0 ls",
            "1 2 fault",
            "1 2 dance 0 x",
            "1 2 close x",
            "1 2 save 7",
            "1 2 save 7 {}",
            "1 2 save 7 \"a",
        ] {
            assert_eq!(Entry::read(text, &Files::default()), None, "{text}");
        }
    }
}
