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

/// The links from a step back to what began it, the step itself first; at most so many, of which the last is always the
/// beginning. Steps of which nothing could be seen are left out. The beginning is a person's act, or the cluster's own
/// clock.
pub fn chain(world: &World, chronicle: &Chronicle, step: StepId, most: usize) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let mut seen: Option<(StepId, &Trace)> = None;
    let mut next = Some(step);
    for _ in 0..LONGEST {
        let Some(id) = next else { break };
        let Some(trace) = chronicle.trace(id) else { break };
        if trace.deeds.is_some() {
            seen = Some((id, trace));
            if links.len() + 1 < most {
                let new = link(world, id, trace);
                let again = |link: &Link| links.last().is_some_and(|last| last.by == link.by && last.text == link.text);
                links.extend(new.filter(|link| !again(link)));
            }
        }
        // A cause lies before what it caused.
        next = trace.cause.filter(|cause| *cause < id);
    }
    let first = seen.and_then(|(id, trace)| link(world, id, trace));
    links.extend(first.filter(|first| links.last() != Some(first)));
    if links.last().is_none_or(|last| last.by != "you") {
        let (id, at) = seen.map_or((step, Time(0)), |(id, trace)| (id, trace.at));
        let text = "began it by its own clock: nobody did anything.".into();
        links.push(Link { step: id, at, by: "the cluster", text });
    }
    links
}

/// The act or the clock that began a step.
pub fn root_of(world: &World, chronicle: &Chronicle, step: StepId) -> Option<Link> {
    chain(world, chronicle, step, 1).pop()
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
