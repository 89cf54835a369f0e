//! What the timeline draws: who sat where in which state, the claim below, and what happened when. Written once, as it
//! happens, whatever is looked at later.

use super::lab::Lab;
use super::look::{Look, pod_state};
use super::memory::{SetKey, owner_and_ordinal};
use crate::api::{Kind, Object};
use crate::apiserver::{Change, WatchEvent};
use crate::history::{Entry, Moment, Record};
use crate::sim::Step;
use crate::sorted::SortedMap;
use crate::value::Text;

/// At most so many states are kept of one lane; of the older half every second goes when there are more.
const SPANS: usize = 600;

/// At most so many marks are kept; of the older half every second that is no act goes when there are more.
const MARKS: usize = 12_000;

/// Of at most so many seats what became of them is told after their namespace has gone.
const TOLD: usize = 120;

/// What a lane shows from a moment on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// From when.
    pub from: Moment,
    /// The state; `Empty` for nobody.
    pub look: Look,
    /// The place of the pod's revision in the alphabet of its set; 0 for a claim.
    pub revision: usize,
    /// Which pod of this name it is, from 1.
    pub guest: u32,
}

/// The lanes of one seat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeatLanes {
    /// The pods.
    pub pods: Vec<Span>,
    /// The claims, by name: `Pending`, `Ready` for bound, `Ending`, `Empty` for gone.
    pub claims: SortedMap<Text, Vec<Span>>,
    /// Where a claim was deleted together with its data.
    pub lost: Vec<Moment>,
    guests: u32,
    guest: Text,
}

/// What a mark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// Something on the stage changed.
    Change,
    /// A person did something.
    Act,
    /// A controller decided something, or to wait.
    Decision,
    /// An event of Kubernetes.
    Event,
    /// An event of type Warning.
    Warning,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When: the point right behind it.
    pub at: Moment,
    /// What it is.
    pub kind: MarkKind,
}

/// Everything written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annals {
    /// By set and ordinal.
    pub sets: SortedMap<SetKey, SortedMap<i64, SeatLanes>>,
    /// What happened, in order.
    pub marks: Vec<Mark>,
    /// Grows with everything that is written.
    pub version: u64,
}

impl Record<Lab> for Annals {
    fn observe(&mut self, after: Moment, step: &Step, lab: &Lab) {
        if step.changes.iter().any(|change| is_on_stage(change.object.kind)) {
            self.mark(after, MarkKind::Change);
        }
        for change in &step.changes {
            match change.object.kind {
                Kind::Pod => self.pod(after, change, lab),
                Kind::PersistentVolumeClaim => self.claim(after, change, lab),
                Kind::Node => self.node(after, change, lab),
                // What became of its seats is told on, unless they are too many.
                Kind::Namespace if change.change == Change::Deleted && self.seats() > TOLD => {
                    self.sets.retain(|(namespace, _), _| *namespace != change.object.meta.name);
                }
                Kind::Event if change.change != Change::Deleted => {
                    let warns = change.object.tree.at(&["type"]).as_str() == Some("Warning");
                    self.mark(after, if warns { MarkKind::Warning } else { MarkKind::Event });
                }
                _ => {}
            }
        }
        if !step.decisions.is_empty() {
            self.mark(after, MarkKind::Decision);
        }
    }

    fn acted(&mut self, after: Moment, _: &Entry, _: &Lab) {
        self.mark(after, MarkKind::Act);
    }

    fn cut(&mut self, at: Moment) {
        self.version += 1;
        self.marks.retain(|mark| mark.at <= at);
        for seats in self.sets.values_mut() {
            for seat in seats.values_mut() {
                seat.pods.retain(|span| span.from <= at);
                seat.guests = seat.pods.iter().map(|span| span.guest).max().unwrap_or(0);
                seat.claims.values_mut().for_each(|spans| spans.retain(|span| span.from <= at));
                seat.claims.retain(|_, spans| !spans.is_empty());
                seat.lost.retain(|lost| *lost <= at);
            }
            seats.retain(|_, seat| !seat.pods.is_empty() || !seat.claims.is_empty());
        }
        self.sets.retain(|_, seats| !seats.is_empty());
    }
}

impl Annals {
    /// The first mark of these kinds behind a point.
    pub fn next(&self, from: Moment, wanted: impl Fn(MarkKind) -> bool) -> Option<Moment> {
        let start = self.marks.partition_point(|mark| mark.at <= from);
        self.marks.iter().skip(start).find(|mark| wanted(mark.kind)).map(|mark| mark.at)
    }

    /// The last mark of these kinds before a point.
    pub fn before(&self, from: Moment, wanted: impl Fn(MarkKind) -> bool) -> Option<Moment> {
        self.marks.iter().rev().find(|mark| mark.at < from && wanted(mark.kind)).map(|mark| mark.at)
    }

    fn mark(&mut self, at: Moment, kind: MarkKind) {
        self.version += 1;
        // Of several changes at one moment of the clock the last is enough.
        let last = self.marks.last_mut().filter(|last| last.kind == kind);
        if let Some(last) = last.filter(|last| last.at == at || (kind == MarkKind::Change && last.at.at == at.at)) {
            last.at = at;
            return;
        }
        self.marks.push(Mark { at, kind });
        if self.marks.len() > MARKS {
            let mut nth = 0;
            self.marks.retain(|mark| {
                nth += 1;
                nth > MARKS / 2 || nth % 2 == 1 || mark.kind == MarkKind::Act
            });
        }
    }

    fn seats(&self) -> usize {
        self.sets.values().map(|seats| seats.iter().count()).sum()
    }

    fn seat(&mut self, namespace: &Text, set: Text, ordinal: i64) -> &mut SeatLanes {
        self.sets.or_default((namespace.clone(), set)).or_default(ordinal)
    }

    fn pod(&mut self, at: Moment, change: &WatchEvent, lab: &Lab) {
        let pod = &change.object;
        let Some((set, ordinal)) = owner_and_ordinal(pod) else { return };
        let gone = change.change == Change::Deleted;
        self.sits(at, pod, (set, ordinal), gone, lab);
    }

    fn sits(&mut self, at: Moment, pod: &Object, (set, ordinal): (Text, i64), gone: bool, lab: &Lab) {
        let view = pod.as_pod();
        let silent = view
            .and_then(|view| lab.world.store().get(Kind::Node, "", &view.node))
            .is_some_and(|node| node.as_node().is_some_and(|node| !node.ready));
        let key = (pod.meta.namespace.clone(), set.clone());
        let revision = view.and_then(|view| lab.memory.letter(&key, &view.revision)).map_or(0, |(_, nth)| nth);
        let look = if gone { Look::Empty } else { pod_state(pod, silent).1 };
        let lanes = self.seat(&pod.meta.namespace, set, ordinal);
        if lanes.guest != pod.meta.uid {
            lanes.guest = pod.meta.uid.clone();
            lanes.guests += 1;
        }
        let guest = lanes.guests;
        put(&mut lanes.pods, Span { from: at, look, revision, guest });
    }

    fn node(&mut self, at: Moment, change: &WatchEvent, lab: &Lab) {
        let ready = |node: &Object| node.as_node().is_some_and(|node| node.ready);
        let was = change.before.as_ref().is_some_and(|before| ready(before));
        if change.change == Change::Modified && was != ready(&change.object) {
            for pod in lab.world.store().list(Kind::Pod, "") {
                if pod.as_pod().is_some_and(|view| view.node == change.object.meta.name)
                    && let Some(place) = owner_and_ordinal(pod)
                {
                    self.sits(at, pod, place, false, lab);
                }
            }
        }
    }

    fn claim(&mut self, at: Moment, change: &WatchEvent, lab: &Lab) {
        let claim = &change.object;
        let Some((key, ordinal)) = lab.memory.seat_of_claim(claim) else { return };
        let bound = claim.as_claim().is_some_and(|view| view.phase == "Bound");
        let look = match change.change {
            Change::Deleted => Look::Empty,
            _ if claim.is_terminating() => Look::Ending,
            _ if bound => Look::Ready,
            _ => Look::Pending,
        };
        let lanes = self.seat(&key.0, key.1, ordinal);
        let spans = lanes.claims.or_default(claim.meta.name.clone());
        let held = spans.iter().rev().find(|span| matches!(span.look, Look::Ready | Look::Empty));
        if look == Look::Empty && held.is_some_and(|span| span.look == Look::Ready) {
            lanes.lost.push(at);
        }
        put(spans, Span { from: at, look, revision: 0, guest: 0 });
    }
}

/// Kinds whose changes are worth going back to.
fn is_on_stage(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Pod
            | Kind::StatefulSet
            | Kind::PersistentVolumeClaim
            | Kind::Node
            | Kind::Namespace
            | Kind::EndpointSlice
    )
}

fn put(spans: &mut Vec<Span>, span: Span) {
    let same = |last: &Span| (last.look, last.revision, last.guest) == (span.look, span.revision, span.guest);
    if spans.last().is_some_and(same) || (spans.is_empty() && span.look == Look::Empty) {
        return;
    }
    spans.push(span);
    if spans.len() > SPANS {
        let mut nth = 0;
        spans.retain(|_| {
            nth += 1;
            nth > SPANS / 2 || nth % 2 == 1
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::options::Options;
    use super::super::{Action, State, update};

    #[test]
    fn what_became_of_the_seats_is_told_on_when_their_namespace_is_gone() {
        let mut state = State::new(Options::default()).unwrap();
        update(&mut state, Action::Run("kubectl create ns lab-18".into()));
        update(&mut state, Action::Run("kubectl apply -f stateful.yaml -n lab-18".into()));
        let to = state.time.now().plus(120_000);
        state.time.play_to(to, usize::MAX);
        state.redraw();
        update(&mut state, Action::Run("kubectl delete ns lab-18".into()));
        let to = state.time.now().plus(120_000);
        state.time.play_to(to, usize::MAX);
        state.redraw();
        assert!(state.scene.sets.iter().all(|set| set.ready == 0), "they are gone");
        let rows = &state.travel.gantt.rows;
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert!(rows.iter().all(|row| row.lost.len() == 1), "and with them the data: {rows:?}");
    }
}
