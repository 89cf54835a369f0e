//! What would unblock something.

use crate::api::{Key, Object};
use crate::sim::Fault;
use crate::time::Time;
use crate::value::Text;

/// One way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Help {
    /// What it is, in the words of a button: `Delete web-2`.
    pub text: Text,
    /// How it is done.
    pub act: Act,
    /// What it may cost, one sentence without its full stop; empty where it is harmless.
    pub danger: &'static str,
}

/// How something is unblocked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// This kubectl line.
    Run(Text),
    /// What no kubectl line can do.
    Fault(Fault),
    /// Nothing: it passes by itself, at this moment where that is known.
    Passes(Option<Time>),
    /// Something that only a person can decide; the text says what.
    Hand,
}

impl Help {
    /// A kubectl line.
    pub(super) fn run(text: impl Into<Text>, line: impl Into<Text>) -> Self {
        Self { text: text.into(), act: Act::Run(line.into()), danger: "" }
    }

    /// A repair that kubectl cannot do.
    pub(super) fn fault(text: impl Into<Text>, fault: Fault) -> Self {
        Self { text: text.into(), act: Act::Fault(fault), danger: "" }
    }

    /// It passes by itself.
    pub(super) fn passes(text: impl Into<Text>, at: Option<Time>) -> Self {
        Self { text: text.into(), act: Act::Passes(at), danger: "" }
    }

    /// A person has to decide.
    pub(super) fn hand(text: impl Into<Text>) -> Self {
        Self { text: text.into(), act: Act::Hand, danger: "" }
    }

    /// With what it may cost.
    pub(super) fn danger(self, danger: &'static str) -> Self {
        Self { danger, ..self }
    }

    /// `kubectl delete pod web-2 -n lab`.
    pub(super) fn delete(object: &Object) -> Self {
        let kind = match object.kind {
            crate::api::Kind::PersistentVolumeClaim => "pvc",
            kind => kind.info().singular,
        };
        let line = format!("kubectl delete {kind} {}{} --wait=false", object.meta.name, tail(&object.key()));
        Self::run(format!("Delete {}", object.meta.name), line)
    }
}

/// ` -n lab`, or nothing for what has no namespace.
pub(super) fn tail(key: &Key) -> String {
    if key.namespace.is_empty() { String::new() } else { format!(" -n {}", key.namespace) }
}
