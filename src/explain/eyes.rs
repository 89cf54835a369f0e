//! What an explanation looks at: the world and the record of its steps.

use super::{Chronicle, Noted, Reason};
use crate::api::{Key, Kind, Object, Shared};
use crate::sim::World;
use crate::time::Time;
use crate::value::Text;

/// By this name the StatefulSet controller decides.
pub(super) const SETS: &str = crate::controller::statefulset::COMPONENT;

/// The world, its record, and the objects that are being explained already.
pub(super) struct Eyes<'a> {
    pub world: &'a World,
    pub chronicle: &'a Chronicle,
    pub path: Vec<Key>,
}

impl<'a> Eyes<'a> {
    pub fn now(&self) -> Time {
        self.world.now()
    }

    pub fn get(&self, kind: Kind, namespace: &str, name: &str) -> Option<&'a Shared> {
        self.world.store().get(kind, namespace, name)
    }

    /// What a part waits for before it goes on with an object.
    pub fn wait(&self, subject: &Key, by: &str) -> Option<&'a Noted> {
        self.chronicle.wait(subject, by)
    }

    /// The pods that a set controls, by ordinal.
    pub fn pods_of(&self, set: &Object) -> Vec<(i64, &'a Shared)> {
        let pods = self.world.store().list(Kind::Pod, &set.meta.namespace);
        let ours = pods.filter(|pod| pod.controller().is_some_and(|owner| owner.uid == set.meta.uid));
        let mut pods: Vec<(i64, &Shared)> = ours.filter_map(|pod| Some((ordinal(&pod.meta.name)?, pod))).collect();
        crate::sorted::sort_by(&mut pods, &|(a, _), (b, _)| a.cmp(b));
        pods
    }

    /// The set that a pod of this name has its seat in.
    pub fn set_of(&self, namespace: &str, pod: &str) -> Option<(&'a Shared, i64)> {
        let (set, _) = pod.rsplit_once('-')?;
        let set = self.get(Kind::StatefulSet, namespace, set)?;
        Some((set, ordinal(pod)?))
    }

    /// Until when a change of this object is on its way to the StatefulSet controller.
    pub fn on_its_way(&self, key: &Key) -> Option<Time> {
        let (_, at) = self.chronicle.touched(key)?;
        let arrives = at.plus(self.world.profile().watch.stateful_set);
        (arrives >= self.now()).then_some(arrives)
    }

    /// An object that is explained by what was decided about it, and by nothing else.
    pub fn other(&mut self, object: &Shared) -> Reason {
        let key = object.key();
        let mut reason = Reason::new(&key, "", format!("{} is there", object.meta.name));
        if object.is_terminating() {
            reason = Reason::new(&key, "metadata.deletionTimestamp", format!("{} is being deleted", object.meta.name));
        }
        for noted in self.chronicle.decisions(&key) {
            if let Some(wait) = &noted.decision.wait {
                let child = Reason::new(&key, "", wait.why.clone()).since(Some(noted));
                let below = (wait.on != key && !wait.on.name.is_empty()).then(|| self.why(&wait.on));
                reason.because.push(child.because(below));
            }
        }
        if reason.because.is_empty() && object.is_terminating() && !object.meta.finalizers.is_empty() {
            let names: Vec<&str> = object.meta.finalizers.iter().map(Text::as_str).collect();
            let text = format!("finalizers hold it until somebody takes them off: {}", names.join(", "));
            reason.because.push(Reason::new(&key, "metadata.finalizers", text));
        }
        reason
    }

    /// Nothing of that name is there.
    pub fn absent(&mut self, key: &Key) -> Reason {
        let kind = key.kind.info();
        let place = if key.namespace.is_empty() { String::new() } else { format!(" in namespace {}", key.namespace) };
        let mut reason =
            Reason::new(key, "metadata.name", format!("there is no {} {}{place}", kind.singular, key.name));
        if !key.namespace.is_empty() && self.get(Kind::Namespace, "", &key.namespace).is_none() {
            let namespace = Key::new(Kind::Namespace, "", key.namespace.clone());
            let line = format!("kubectl create namespace {}", key.namespace);
            let help = super::Help::run(format!("Create namespace {}", key.namespace), line);
            let text = format!("namespace {} does not exist", key.namespace);
            reason.because.push(Reason::new(&namespace, "metadata.name", text).helps(help));
        }
        reason
    }
}

/// The number behind the last dash of a name.
pub(super) fn ordinal(name: &str) -> Option<i64> {
    crate::controller::statefulset::identity::parent_and_ordinal(name).map(|(_, ordinal)| ordinal)
}

/// `web-0, web-1 and web-2`; of many the first ones and how many there are more.
pub(super) fn names<'a>(names: impl IntoIterator<Item = &'a Text>) -> String {
    let all: Vec<&str> = names.into_iter().map(Text::as_str).collect();
    match all.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if all.len() <= 4 => format!("{} and {last}", first.join(", ")),
        [a, b, c, rest @ ..] => format!("{a}, {b}, {c} and {} more", rest.len()),
        _ => all.join(", "),
    }
}

/// `1 pod`, `2 pods`.
pub(super) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
