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

/// An act, its moment, and the manifest as it was then where it had changed since the act before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Time,
    /// What.
    pub act: Act,
    /// The text of the editor.
    pub manifest: Option<String>,
}

impl Entry {
    /// One line, and the manifest below it if there is one.
    pub fn write(&self) -> String {
        let at = self.at.0;
        let head = match &self.act {
            Act::Line { terminal, foreground: true, line } => format!("{at} type {terminal} {line}"),
            Act::Line { terminal, foreground: false, line } => format!("{at} press {terminal} {line}"),
            Act::Interrupt(terminal) => format!("{at} interrupt {terminal} "),
            Act::Fault(Fault::NodeStops(node)) => format!("{at} node-stops 0 {node}"),
            Act::Fault(Fault::NodeStarts(node)) => format!("{at} node-starts 0 {node}"),
            Act::Fault(Fault::ProvisionerStops) => format!("{at} provisioner-stops 0 "),
            Act::Fault(Fault::ProvisionerStarts) => format!("{at} provisioner-starts 0 "),
        };
        match &self.manifest {
            Some(manifest) => format!("{head}\n{manifest}"),
            None => head,
        }
    }

    /// Reads what `write` wrote; `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let (head, manifest) = match text.split_once('\n') {
            Some((head, manifest)) => (head, Some(manifest.to_owned())),
            None => (text, None),
        };
        let mut words = head.splitn(4, ' ');
        let at = Time(words.next()?.parse().ok()?);
        let kind = words.next()?;
        let terminal = words.next()?.parse().ok()?;
        let rest = words.next()?.to_owned();
        let act = match kind {
            "type" => Act::Line { terminal, foreground: true, line: rest },
            "press" => Act::Line { terminal, foreground: false, line: rest },
            "interrupt" => Act::Interrupt(terminal),
            "node-stops" => Act::Fault(Fault::NodeStops(Text::from(rest))),
            "node-starts" => Act::Fault(Fault::NodeStarts(Text::from(rest))),
            "provisioner-stops" => Act::Fault(Fault::ProvisionerStops),
            "provisioner-starts" => Act::Fault(Fault::ProvisionerStarts),
            _ => return None,
        };
        Some(Self { at, act, manifest })
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
            for manifest in [None, Some("kind: Pod\nspec:\n".to_owned())] {
                let entry = Entry { at: Time(1234), act: act.clone(), manifest };
                assert_eq!(Entry::read(&entry.write()), Some(entry));
            }
        }
        assert_eq!(Entry::read("press apply"), None);
    }
}
