//! What the user did to the cluster, as text: kept outside the engine, so that a crash loses nothing but the last act.

use crate::sim::Fault;
use crate::time::Time;
use crate::value::Text;

/// One thing the user did to the cluster.
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
    /// Something broken or mended.
    Fault(Fault),
}

/// An act, its moment, and the manifest as it was then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Time,
    /// After how many occurrences.
    pub step: u64,
    /// What.
    pub act: Act,
    /// The text of the editor.
    pub manifest: Text,
}

impl Entry {
    /// One line, and the manifest below it where it is not the one before.
    pub fn write(&self, before: Option<&Text>) -> String {
        let at = format!("{} {}", self.at.0, self.step);
        let head = match &self.act {
            Act::Line { terminal, foreground: true, line } => format!("{at} type {terminal} {line}"),
            Act::Line { terminal, foreground: false, line } => format!("{at} press {terminal} {line}"),
            Act::Interrupt(terminal) => format!("{at} interrupt {terminal} "),
            Act::Fault(fault) => format!("{at} fault 0 {}", fault.write()),
        };
        if before == Some(&self.manifest) { head } else { format!("{head}\n{}", self.manifest) }
    }

    /// Reads what `write` wrote, given the manifest of the entry before; `None` for anything else.
    pub fn read(text: &str, before: &Text) -> Option<Self> {
        let (head, manifest) = match text.split_once('\n') {
            Some((head, manifest)) => (head, Text::copy(manifest)),
            None => (text, before.clone()),
        };
        let mut words = head.splitn(5, ' ');
        let at = Time(words.next()?.parse().ok()?);
        let step = words.next()?.parse().ok()?;
        let kind = words.next()?;
        let terminal = words.next()?.parse().ok()?;
        let rest = words.next()?.to_owned();
        let act = match kind {
            "type" => Act::Line { terminal, foreground: true, line: rest },
            "press" => Act::Line { terminal, foreground: false, line: rest },
            "interrupt" => Act::Interrupt(terminal),
            "fault" => Act::Fault(Fault::read(&rest)?),
            _ => return None,
        };
        Some(Self { at, step, act, manifest })
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
            Act::Interrupt(1),
            Act::Fault(Fault::NodeStops("node-2".into())),
            Act::Fault(Fault::NodeStarts("node-2".into())),
            Act::Fault(Fault::ProvisionerStops),
            Act::Fault(Fault::ProvisionerStarts),
        ];
        for act in acts {
            let entry = Entry { at: Time(1234), step: 56, act, manifest: "kind: Pod\nspec:\n".into() };
            let (same, other) = (entry.manifest.clone(), Text::from("kind: Service"));
            assert_eq!(Entry::read(&entry.write(None), &other).as_ref(), Some(&entry));
            assert_eq!(Entry::read(&entry.write(Some(&other)), &other).as_ref(), Some(&entry));
            assert_eq!(Entry::read(&entry.write(Some(&same)), &same).as_ref(), Some(&entry));
        }
        assert_eq!(Entry::read("press apply", &Text::default()), None);
    }
}
