//! Why a set is not as it should be: what its controller waits for, and else what its pods say.

use super::eyes::{Eyes, SETS, count, names};
use super::help::{Act, Help, tail};
use super::{Reason, notes};
use crate::api::view::{StatefulSetView, UpdateStrategy};
use crate::api::{Key, Kind, Object, Shared};
use crate::controller::Wait;
use crate::controller::statefulset::ails;
use crate::sim::World;
use crate::value::Text;

/// At most so many pods are explained one by one.
const MOST: usize = 4;

/// The pods of a set, sorted by what is to become of them.
pub(super) struct Seats<'a> {
    pub view: &'a StatefulSetView,
    /// Ordinals asked for that have no pod.
    pub missing: Vec<i64>,
    /// Pods in range that are not available, or on their way out.
    pub unwell: Vec<&'a Shared>,
    /// Pods in range that are not of the update revision, highest ordinal first.
    pub outdated: Vec<(i64, &'a Shared)>,
    /// Pods out of range, highest ordinal first.
    pub condemned: Vec<&'a Shared>,
    /// How many in range are Running and Ready.
    pub ready: usize,
}

impl<'a> Seats<'a> {
    pub fn of(view: &'a StatefulSetView, pods: &[(i64, &'a Shared)], now: crate::time::Time) -> Self {
        let range = view.start..view.start.saturating_add(view.replicas.max(0));
        let inside = |ordinal: &i64| range.contains(ordinal);
        let well = |pod: &Shared| {
            let available = pod.as_pod().is_some_and(|pod| pod.is_available(view.min_ready_seconds, now));
            available && !pod.is_terminating()
        };
        let of_range = || pods.iter().filter(|(ordinal, _)| inside(ordinal));
        let old = |pod: &Shared| pod.as_pod().is_some_and(|pod| pod.revision != view.update_revision);
        Self {
            view,
            missing: range.clone().take(10_000).filter(|n| pods.iter().all(|(ordinal, _)| ordinal != n)).collect(),
            unwell: of_range().filter(|(_, pod)| !well(pod)).map(|(_, pod)| *pod).collect(),
            outdated: of_range().rev().filter(|(_, pod)| old(pod)).map(|(n, pod)| (*n, *pod)).collect(),
            condemned: pods.iter().rev().filter(|(ordinal, _)| !inside(ordinal)).map(|(_, pod)| *pod).collect(),
            ready: of_range().filter(|(_, pod)| pod.as_pod().is_some_and(|pod| pod.is_running_and_ready())).count(),
        }
    }

    fn is_complete(&self) -> bool {
        self.missing.is_empty() && self.unwell.is_empty() && self.condemned.is_empty() && self.outdated.is_empty()
    }
}

/// Whether a set is as its spec asks: every pod there, available and of the update revision, none too many, and its
/// status says so.
pub fn is_settled(world: &World, set: &Shared) -> bool {
    let Some(view) = set.as_stateful_set() else { return true };
    let eyes = Eyes { world, chronicle: &super::Chronicle::default(), path: Vec::new() };
    let pods = eyes.pods_of(set);
    !set.is_terminating() && Seats::of(view, &pods, world.now()).is_complete() && is_told(set, view)
}

/// Whether the status says what is.
fn is_told(set: &Object, view: &StatefulSetView) -> bool {
    let counts = [view.status_replicas, view.ready_replicas, view.available_replicas, view.updated_replicas];
    view.observed_generation == set.meta.generation && counts.iter().all(|count| *count == view.replicas)
}

impl Eyes<'_> {
    /// A set that is there.
    pub fn set(&mut self, set: &Shared) -> Reason {
        let key = set.key();
        let Some(view) = set.as_stateful_set() else { return Reason::new(&key, "", "it cannot be read") };
        let store = self.pods_of(set);
        let pods: Vec<(i64, &Shared)> = store.iter().map(|(n, pod)| (*n, *pod)).collect();
        let seats = Seats::of(view, &pods, self.now());
        let name = &set.meta.name;
        if set.is_terminating() {
            let text = format!("{name} is being deleted: its controller does nothing any more");
            let below = self.going_set(set, &pods);
            return Reason::new(&key, "metadata.deletionTimestamp", text).rule(18).because(below);
        }
        let wait = self.world.waits().find(|(of, _)| *of == key).map(|(_, wait)| wait.clone());
        let settled = seats.is_complete() && is_told(set, view);
        let text = if settled {
            format!("{name} is as it should be: {} Ready", count(seats.ready, "pod"))
        } else {
            difference(name, &seats)
        };
        let mut reason = Reason::new(&key, "spec.replicas", text);
        if !settled {
            reason.because.extend(self.news(set, &pods));
            let waits = wait.map(|wait| self.waits(set, view, &wait));
            let has_wait = waits.is_some();
            reason.because.extend(waits);
            if !has_wait || view.parallel {
                reason.because.extend(self.by_pods(set, &seats, has_wait));
            }
            if !reason.is_held_up() {
                reason.because.push(self.unseen(&key, "The controller has not looked at the set since this became so"));
            }
        }
        reason.because(notes::of_set(self, set, &seats))
    }

    /// A change that has not reached the controller yet.
    fn news(&self, set: &Shared, pods: &[(i64, &Shared)]) -> Option<Reason> {
        let keys = std::iter::once(set.key()).chain(pods.iter().map(|(_, pod)| pod.key()));
        let (at, key) = keys.filter_map(|key| Some((self.on_its_way(&key)?, key))).max_by(|a, b| a.0.cmp(&b.0))?;
        let ms = self.world.profile().watch.stateful_set;
        let text = format!("{} has just changed, and the news takes {ms} ms to the controller", key.name);
        let help = Help::passes("The news arrives by itself", Some(at));
        Some(Reason::new(&key, "", text).since_touched(self, &key).helps(help))
    }

    /// Nothing wakes the controller.
    pub(super) fn unseen(&self, set: &Key, why: &str) -> Reason {
        let text = format!("{why}; only a change of the set or of one of its pods wakes it");
        Reason::new(set, "metadata.annotations", text).rule(1).helps(self.nudge(set))
    }

    /// A harmless change that wakes the controller; another one each time.
    fn nudge(&self, set: &Key) -> Help {
        let at = self.now().0;
        let line = format!("kubectl annotate statefulset {}{} looked-at={at} --overwrite", set.name, tail(set));
        Help::run(format!("Change an annotation of {}, so that its controller looks again", set.name), line)
    }

    /// What the controller waits for, and what is behind that.
    fn waits(&mut self, set: &Shared, view: &StatefulSetView, wait: &Wait) -> Reason {
        let held = self.get(wait.subject.kind, &wait.subject.namespace, &wait.subject.name);
        let name = &wait.subject.name;
        let inside = super::eyes::ordinal(name).is_some_and(|n| n >= view.start && n < view.start + view.replicas);
        let said = wait.why.starts_with(name.as_str());
        let text: Text = match (wait.subject.kind, held) {
            _ if said && wait.subject == wait.on => wait.why.clone(),
            (Kind::Pod, _) if wait.rule.0 == 23 || wait.rule.0 == 6 => wait.why.clone(),
            (Kind::Pod, None) => format!("{name} is not created: {}", wait.why).into(),
            (Kind::Pod, Some(_)) if !inside => format!("{name} is not deleted yet: {}", wait.why).into(),
            (Kind::Pod, Some(_)) => format!("{name} is not updated: {}", wait.why).into(),
            _ => wait.why.clone(),
        };
        let noted = self.chronicle.last(&set.key(), SETS);
        let mut reason = Reason::new(&wait.on, field(wait.rule.0), text).rule(wait.rule.0).since(noted);
        let below = (wait.on.kind != Kind::StatefulSet).then(|| self.why(&wait.on));
        let passes = below.as_ref().is_some_and(|below| below.passes_at().is_some());
        reason.because.extend(self.remark(set, view, wait, passes));
        let stands = below.as_ref().is_some_and(Reason::is_held_up);
        reason.because.extend(below);
        if !stands && !reason.is_held_up() {
            reason.because.push(self.passed(set, wait));
        }
        reason
    }

    /// What is said of a rule that many meet here for the first time, with its way out.
    fn remark(&mut self, set: &Shared, view: &StatefulSetView, wait: &Wait, passes: bool) -> Option<Reason> {
        let on = &wait.on.name;
        let found = self.get(wait.on.kind, &wait.on.namespace, on);
        match wait.rule.0 {
            // What becomes Ready by itself needs nobody's help.
            12 | 13 if !view.parallel => {
                let is_old = |pod: &Object| pod.as_pod().is_some_and(|pod| pod.revision != view.update_revision);
                let holds = |pod: &Object| !pod.is_terminating() && is_old(pod) && (!passes || ails(pod));
                let pod = found.filter(|pod| holds(pod))?;
                let text = format!(
                    "Reverting the template does not replace {on}: the set stops at the first pod that is not Ready, \
                     before its update step. Delete {on}; it comes again with the new revision"
                );
                Some(Reason::new(&wait.on, "spec.podManagementPolicy", text).rule(12).helps(Help::delete(pod)))
            }
            13 if view.parallel => Some(Reason::note(
                &set.key(),
                "spec.podManagementPolicy",
                13,
                "Parallel concerns scaling only: updates go one pod at a time, highest ordinal first",
            )),
            8 => {
                let pod = found?;
                let text = format!("{on} does not belong to {}, and it holds the name", set.meta.name);
                Some(Reason::new(&wait.on, "metadata.ownerReferences", text).rule(8).helps(Help::delete(pod)))
            }
            23 => {
                let again = "It is tried again after longer and longer pauses, at most 1000 s";
                let mut refused = Reason::new(&set.key(), "spec.template", again).rule(23);
                let undo = format!("kubectl rollout undo statefulset/{}{}", set.meta.name, tail(&set.key()));
                if wait.why.contains("is invalid") || wait.why.contains("forbidden") {
                    refused.helps.push(Help::hand("Correct what the API server complains about and apply it"));
                    refused.helps.push(Help::run("Undo the rollout", undo));
                } else {
                    refused.helps.push(Help::passes("The next try may succeed", None));
                }
                Some(refused)
            }
            _ => None,
        }
    }

    /// What was waited for is no longer so, and the controller does not know it.
    fn passed(&mut self, set: &Shared, wait: &Wait) -> Reason {
        let on = &wait.on.name;
        let now = self.now();
        let found = self.get(wait.on.kind, &wait.on.namespace, on);
        let view = set.as_stateful_set();
        if let (Some(pod), Some(view)) = (found.and_then(|pod| pod.as_pod()), view)
            && view.min_ready_seconds > 0
            && !pod.is_available(view.min_ready_seconds, now)
            && let Some(since) = pod.ready_changed.filter(|_| pod.is_running_and_ready())
        {
            let text = format!("{on} is Ready; it has to stay so for {} s in a row", view.min_ready_seconds);
            let at = since.plus(view.min_ready_seconds * 1000);
            let help = Help::passes("It is available then", Some(at));
            return Reason::new(&wait.on, "spec.minReadySeconds", text).rule(17).helps(help);
        }
        if let Some(at) = self.on_its_way(&wait.on).or_else(|| self.on_its_way(&set.key())) {
            let help = Help::passes("The news arrives by itself", Some(at));
            return Reason::new(&wait.on, "", format!("{on} has changed, and the news is on its way")).helps(help);
        }
        if wait.rule.0 == 6 {
            let help = Help::passes("The next try succeeds", None);
            let text = format!("{on} is free now; the controller tries again after longer and longer pauses");
            return Reason::new(&wait.on, "", text).rule(23).helps(help).helps(self.nudge(&set.key()));
        }
        self.unseen(&set.key(), "What the controller waited for is over, and nothing told it so")
    }

    /// What the pods themselves say.
    fn by_pods(&mut self, set: &Shared, seats: &Seats<'_>, waits: bool) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let mut unwell = Vec::new();
        for pod in seats.unwell.iter().chain(&seats.condemned).take(MOST) {
            let reason = self.why(&pod.key());
            if reason.is_held_up() { reasons.push(reason) } else { unwell.push(reason) }
        }
        for ordinal in seats.missing.iter().take(MOST) {
            let pod = Key::new(Kind::Pod, set.meta.namespace.clone(), format!("{}-{ordinal}", set.meta.name));
            reasons.extend(self.stale_claim(set, &pod));
        }
        if seats.missing.is_empty() && seats.unwell.is_empty() && seats.condemned.is_empty() {
            reasons.extend(self.outdated(set, seats));
        }
        if reasons.is_empty() && !waits {
            reasons.append(&mut unwell);
        }
        reasons
    }

    /// Pods that keep an older revision although nothing is wrong with them.
    fn outdated(&mut self, set: &Shared, seats: &Seats<'_>) -> Option<Reason> {
        let (ordinal, highest) = seats.outdated.first()?;
        let key = set.key();
        let names = names(seats.outdated.iter().map(|(_, pod)| &pod.meta.name));
        match &seats.view.strategy {
            UpdateStrategy::OnDelete => {
                let text = format!("OnDelete: {names} change revision only when somebody deletes them");
                Some(Reason::new(&key, "spec.updateStrategy", text).rule(15).helps(Help::delete(highest)))
            }
            UpdateStrategy::RollingUpdate { partition: Some(partition), .. }
                if *ordinal < seats.view.start + partition =>
            {
                let text = format!(
                    "partition is {partition}: {names} keep the current revision, and would come again with it"
                );
                let patch = r#"{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}"#;
                let line = format!("kubectl patch statefulset {}{} -p '{patch}'", key.name, tail(&key));
                let help = Help::run("Set the partition to 0", line);
                let field = "spec.updateStrategy.rollingUpdate.partition";
                Some(Reason::new(&key, field, text).rule(14).helps(help))
            }
            UpdateStrategy::RollingUpdate { .. } => None,
        }
    }

    /// A set that is being deleted waits for what it owns, or for finalizers.
    fn going_set(&mut self, set: &Shared, pods: &[(i64, &Shared)]) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for (_, pod) in pods.iter().take(MOST) {
            let reason = self.why(&pod.key());
            if reason.is_held_up() {
                reasons.push(reason);
            }
        }
        let own = self.other(set);
        reasons.extend(own.because);
        if reasons.iter().all(|reason| !reason.is_held_up()) {
            let help = Help::passes("The garbage collector goes on by itself", None);
            reasons
                .push(Reason::new(&set.key(), "metadata.finalizers", "it goes when all it owns is gone").helps(help));
        }
        reasons
    }
}

impl Reason {
    /// As old as the last change of an object.
    pub(super) fn since_touched(mut self, eyes: &Eyes<'_>, key: &Key) -> Self {
        self.since = eyes.chronicle.touched(key);
        self
    }

    /// When the first thing that passes by itself is over, if the tree begins with one.
    pub fn passes_at(&self) -> Option<Option<crate::time::Time>> {
        match self.first_blocker()?.helps.first()?.act {
            Act::Passes(at) => Some(at),
            _ => None,
        }
    }
}

/// `web asks for 3 pods: 1 is missing, 2 are not Ready`.
fn difference(name: &Text, seats: &Seats<'_>) -> String {
    let mut parts = Vec::new();
    let mut add = |number: usize, what: &str| {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    };
    add(seats.missing.len(), "missing");
    add(seats.unwell.len(), "there but not available");
    add(seats.condemned.len(), "too many");
    add(seats.outdated.len(), "of an older revision");
    let asks = count(usize::try_from(seats.view.replicas).unwrap_or(0), "pod");
    if parts.is_empty() {
        return format!("{name} has the {asks} it asks for; its status does not say so yet");
    }
    format!("{name} asks for {asks}: {} Ready, {}", seats.ready, parts.join(", "))
}

/// The field in which a rule shows.
fn field(rule: u8) -> &'static str {
    match rule {
        2 => "status.conditions[Ready]",
        3 | 6 => "metadata.deletionTimestamp",
        7 => "metadata.ownerReferences",
        8 => "metadata.name",
        9 | 10 => "spec.replicas",
        12 | 13 => "spec.updateStrategy",
        17 => "spec.minReadySeconds",
        23 => "spec.template",
        _ => "",
    }
}
