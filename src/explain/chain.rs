//! What led to a step: from it back to the act of a person, or to the clock, that began it.

use super::chronicle::{Chronicle, Trace, told};
use crate::apiserver::Change;
use crate::sim::{StepId, Trigger, World};
use crate::time::{Time, go_duration};
use crate::value::Text;

/// At most so many links are followed.
const LONGEST: usize = 100_000;

/// One link of a chain of causes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The step to jump to.
    pub step: StepId,
    /// When.
    pub at: Time,
    /// Who acted: a component's name, or `you`.
    pub by: &'static str,
    /// What was done or decided, with its full stop.
    pub text: Text,
}

/// The links from a step back to what began it, the step itself first. Steps of which nothing could be seen are left
/// out. The last one is a person's act, or says that the cluster's own clock began it.
pub fn chain(world: &World, chronicle: &Chronicle, step: StepId) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let mut next = Some(step);
    for _ in 0..LONGEST {
        let Some(id) = next else { break };
        let Some(trace) = chronicle.trace(id) else {
            links.push(Link {
                step: id,
                at: Time(0),
                by: "the cluster",
                text: "began it longer ago than is kept.".into(),
            });
            break;
        };
        let link = link(world, id, trace);
        // A cause lies before what it caused.
        next = trace.cause.filter(|cause| *cause < id);
        let began = next.is_none();
        links.extend(link.filter(|link| links.last().is_none_or(|last| last.by != link.by || last.text != link.text)));
        if began && links.last().is_none_or(|last| last.by != "you") {
            let text = "began it by its own clock: nobody did anything.".into();
            links.push(Link { step: id, at: trace.at, by: "the cluster", text });
        }
    }
    links
}

/// The act or the clock that began a step.
pub fn root_of(world: &World, chronicle: &Chronicle, step: StepId) -> Option<Link> {
    chain(world, chronicle, step).pop()
}

fn link(world: &World, step: StepId, trace: &Trace) -> Option<Link> {
    let deeds = trace.deeds.as_ref()?;
    let at = trace.at;
    let (by, text) = match &deeds.trigger {
        Trigger::Fault(fault) => ("you", fault.told().into()),
        Trigger::Command(id) => {
            let process = world.process(*id)?;
            let words: Vec<&str> = process.invocation.argv.iter().map(Text::as_str).collect();
            let words = words.join(" ");
            let words = words.strip_prefix("kubectl ").unwrap_or(&words);
            let waited = at.since(process.started);
            let later =
                if waited < 1000 { String::new() } else { format!(" ({} after it began)", go_duration(waited)) };
            ("you", Text::from(format!("ran kubectl {words}{later}.")))
        }
        Trigger::News | Trigger::Clock => match deeds.sentences.first() {
            Some(first) if first.about.is_empty() => (first.by, first.text.clone()),
            Some(first) => (first.by, format!("({}) {}", first.about, first.text).into()),
            None => {
                let (change, key) = deeds.changed.first()?;
                let verb = match change {
                    Change::Added => "made",
                    Change::Modified => "wrote",
                    Change::Deleted => "removed",
                };
                (trace.actor, format!("{verb} {}.", told(key)).into())
            }
        },
    };
    Some(Link { step, at, by, text })
}
