//! One line for each decision.

use crate::api::Kind;
use crate::controller::Decision;
use crate::value::Text;

/// A decision in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Who decided: `statefulset-controller`.
    pub by: &'static str,
    /// Whom it is about, where the sentence does not say it; empty otherwise.
    pub about: Text,
    /// Whether it is told aloud: furniture of a namespace and the lists behind a Service are only written down.
    pub aloud: bool,
    /// The sentence behind the name of who decided, with its full stop.
    pub text: Text,
}

/// The line that follows a decision.
pub fn narrate(decision: &Decision) -> Sentence {
    let Decision { by, did, because, wait, subject } = decision;
    let text: Text = match wait {
        Some(wait) if wait.rule.0 > 0 => format!("waits: {} (R{}).", wait.why, wait.rule.0),
        Some(wait) => format!("waits: {}.", wait.why),
        None if did.is_empty() => format!("{because}."),
        None if because.is_empty() => format!("{did}."),
        None => format!("{did}: {because}."),
    }
    .into();
    let about = if text.contains(subject.name.as_str()) { Text::default() } else { subject.name.clone() };
    let furniture =
        matches!(subject.kind, Kind::ServiceAccount | Kind::ConfigMap | Kind::EndpointSlice | Kind::Service);
    Sentence { by, about, aloud: !furniture, text }
}
