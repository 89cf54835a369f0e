//! The guided story: a newcomer's first minutes. It performs real commands in the real simulator, points at what they
//! bring about, and goes back by seeking; then it hands the simulator over.

use std::rc::Rc;

use super::frame::picture;
use super::gallery::EXAMPLES;
use super::look::Look;
use super::manifest::FIRST;
use super::scene::{Scene, SetScene, Standing};
use super::state::State;
use crate::history::{Act, FILE, Moment};
use crate::time::Time;

/// The namespace and the set that the story is about: those of the lab.
const SET: (&str, &str) = ("lab-18", "mehdb");

/// How quickly the story is told, simulated seconds in a second.
const SPEED: i64 = 20;

/// What has not come about after so long, simulated ms, does not come any more: the reader went another way.
const PATIENCE: i64 = 600_000;

/// One thing that is told.
#[derive(Clone, Copy, Debug)]
pub struct Chapter {
    /// What it is about.
    pub title: &'static str,
    /// What is to be seen, in a few sentences.
    pub text: &'static str,
    /// The id of what it points at.
    pub points: &'static str,
    /// The lines that are run when it begins.
    pub lines: &'static [&'static str],
    /// Whether what it tells of has come about: the set now, and as it was when the chapter began.
    done: fn(&SetScene, &SetScene) -> bool,
}

/// The story, in order.
pub const CHAPTERS: &[Chapter] = &[
    Chapter {
        title: "Two empty seats",
        text: "The manifest asks for two pods, mehdb-0 and mehdb-1. Each gets a seat: a name that never changes, a claim \
               for its data, a DNS name. Nobody sits there yet.",
        points: "seats",
        lines: &[],
        done: |_, _| true,
    },
    Chapter {
        title: "The first guest",
        text: "The manifest was applied. The controller creates mehdb-0 and its claim, and nothing else. The pod gets a \
               node, its image is pulled, its program starts: it is Running, but not Ready.",
        points: "seat-0",
        lines: &["kubectl create ns lab-18", "kubectl apply -f stateful.yaml -n lab-18"],
        done: |now, _| looks(now, 0, &[Look::Running, Look::Ready]),
    },
    Chapter {
        title: "Order",
        text: "Why does mehdb-1 not come? The controller fills one seat at a time: it waits until mehdb-0 is Ready. \
               This line always says what it waits for, and why? tells the rest.",
        points: "controller",
        lines: &[],
        done: |_, _| true,
    },
    Chapter {
        title: "One after the other",
        text: "The readiness probe of mehdb-0 succeeded: it is Ready and its DNS name answers. Only then was mehdb-1 \
               created, and it goes the same way.",
        points: "seat-1",
        lines: &[],
        done: |now, _| looks(now, 0, &[Look::Ready]) && looks(now, 1, &[Look::Ready]),
    },
    Chapter {
        title: "A claim for each seat",
        text: "Below each seat is a claim, bound to a volume of its own. It belongs to the seat, not to the pod: whoever \
               sits there gets this data.",
        points: "claim-data-mehdb-0",
        lines: &[],
        done: |_, _| true,
    },
    Chapter {
        title: "The guest leaves, the seat stays",
        text: "The pod mehdb-0 was deleted. The controller puts another one into the seat: a new pod with the old name, \
               the old claim and the old DNS name.",
        points: "seat-0",
        lines: &["kubectl delete pod mehdb-0 -n lab-18"],
        done: |now, then| looks(now, 0, &[Look::Ready]) && guest(now, 0) != guest(then, 0),
    },
    Chapter {
        title: "Scale up",
        text: "Four replicas are asked for. Two more seats are filled, one after the other, each with a new claim.",
        points: "seat-3",
        lines: &["kubectl scale sts mehdb --replicas=4 -n lab-18"],
        done: |now, _| (0..4).all(|ordinal| looks(now, ordinal, &[Look::Ready])),
    },
    Chapter {
        title: "Scale down",
        text: "Two are asked for again. The highest ordinal leaves first: mehdb-3, and when it is gone, mehdb-2.",
        points: "seat-3",
        lines: &["kubectl scale sts mehdb --replicas=2 -n lab-18"],
        done: |now, _| looks(now, 2, &[Look::Empty]) && looks(now, 3, &[Look::Empty]),
    },
    Chapter {
        title: "What stays behind",
        text: "Nobody sits in 2 and 3, yet their claims are still Bound. Scale up again, and the new pods find the old \
               data. Only a person, or the set's retention policy, deletes them.",
        points: "claim-data-mehdb-3",
        lines: &[],
        done: |_, _| true,
    },
    Chapter {
        title: "It is yours now",
        text: "Everything told here is on the timeline: drag it back to any moment, and act there to begin another \
               branch. Edit the manifest, type kubectl, or break something and ask why.",
        points: "timeline",
        lines: &[],
        done: |_, _| true,
    },
];

/// How far the story has come.
#[derive(Clone, Debug, Default)]
pub struct Guide {
    /// The chapter that is told.
    pub at: usize,
    /// Whether what it tells of has come about.
    pub done: bool,
    /// The set as it was when the chapter began.
    then: Rc<SetScene>,
    /// When it began.
    begun: Time,
    /// Where each chapter ended, on this branch.
    ends: Vec<Moment>,
    branch: u32,
    /// The speed before the story.
    speed: i64,
}

/// What can be done with the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum GuideAction {
    Begin,
    /// To the next chapter; or, while one is being told, to its end at once.
    Next,
    /// To the end of the chapter before.
    Back,
    Leave,
}

impl Guide {
    /// The chapter that is told.
    pub fn chapter(&self) -> &'static Chapter {
        CHAPTERS.get(self.at).unwrap_or(&LAST)
    }

    /// Whether it is the last one.
    pub fn is_last(&self) -> bool {
        self.at + 1 >= CHAPTERS.len()
    }
}

const LAST: Chapter = Chapter { title: "", text: "", points: "", lines: &[], done: |_, _| true };

fn looks(set: &SetScene, ordinal: i64, wanted: &[Look]) -> bool {
    let look = set.seat(ordinal).and_then(|seat| seat.pod.as_ref()).map_or(Look::Empty, |pod| pod.look);
    wanted.contains(&look)
}

fn guest(set: &SetScene, ordinal: i64) -> Option<&str> {
    Some(set.seat(ordinal)?.pod.as_ref()?.uid.as_str())
}

/// The set of the story as it stands in a picture.
fn set_of(scene: &Scene) -> Rc<SetScene> {
    let ours = |set: &&Rc<SetScene>| set.namespace == SET.0 && set.name == SET.1 && set.standing != Standing::Planned;
    scene.sets.iter().find(ours).cloned().unwrap_or_default()
}

/// Does one of these things.
pub(super) fn update(state: &mut State, action: GuideAction) {
    match action {
        GuideAction::Begin => begin(state),
        GuideAction::Next => next(state),
        GuideAction::Back => back(state),
        GuideAction::Leave => {
            if let Some(guide) = state.guide.take() {
                state.transport.speed = guide.speed;
                state.transport.playing = true;
            }
        }
    }
}

/// From the beginning of time, with the lab's manifest; what was done before stays on its branch.
fn begin(state: &mut State) {
    state.transport.playing = false;
    let speed = state.guide.as_ref().map_or(state.transport.speed, |guide| guide.speed);
    state.guide = None;
    state.time.compare(None);
    state.time.seek(Time(0));
    lay_out(state);
    state.namespace = SET.0.into();
    state.replicas = None;
    state.as_table = false;
    state.guide = Some(Guide { speed, branch: state.time.branch().number, ..Guide::default() });
    state.transport.speed = SPEED;
    state.look_again();
}

/// The lab's manifest lies in its file, open; what the reader wrote there can be had back.
fn lay_out(state: &mut State) {
    let folder = &mut state.folder;
    match folder.files().iter().position(|file| *file.name == *FILE) {
        Some(place) => {
            folder.open(place);
            folder.example(EXAMPLES.first().map_or("", |first| first.title));
        }
        None => drop(folder.add(FILE, FIRST)),
    }
}

fn next(state: &mut State) {
    let Some(guide) = &state.guide else { return };
    if !guide.done {
        return hurry(state);
    }
    if guide.is_last() {
        return update(state, GuideAction::Leave);
    }
    let (at, end) = (guide.at + 1, guide.ends.get(guide.at).copied());
    let here = state.time.branch();
    let same_branch = here.number == guide.branch;
    // Whoever looked at an earlier moment meanwhile is led back to where the chapter ended.
    if let Some(end) = end.filter(|end| same_branch && here.moment() < *end) {
        state.time.seek_to(end);
        state.redraw();
    }
    let (then, begun, branch) = (set_of(&state.scene), state.time.now(), state.time.branch().number);
    let Some(guide) = &mut state.guide else { return };
    if !same_branch {
        guide.ends.truncate(at);
        guide.branch = branch;
    }
    let told_before = guide.ends.len() > at;
    (guide.at, guide.done, guide.then, guide.begun) = (at, false, then, begun);
    state.transport.playing = true;
    if !told_before {
        // What the chapter does is done once; told again, it happens by itself.
        for line in guide.chapter().lines {
            state.act(Act::Line { terminal: 0, foreground: false, line: (*line).to_owned() });
        }
        if let Some(guide) = &mut state.guide {
            // The first act after going back begins another branch.
            guide.branch = state.time.branch().number;
        }
    }
    look(state);
}

/// Where the chapter ended that is being told again: what the next one does must not happen in it.
pub(super) fn told_until(state: &State) -> Option<Moment> {
    let guide = state.guide.as_ref().filter(|guide| !guide.done)?;
    guide.ends.get(guide.at).copied().filter(|_| state.time.branch().number == guide.branch)
}

/// To the end of the chapter at once.
fn hurry(state: &mut State) {
    if let Some(end) = told_until(state) {
        state.time.seek_to(end);
        return state.redraw();
    }
    let Some(Guide { then, begun, at, .. }) = state.guide.clone() else { return };
    let done = CHAPTERS.get(at).unwrap_or(&LAST).done;
    let (plan, namespace) = (state.plan.clone(), state.namespace.clone());
    state.time.jump(|lab| {
        lab.world.now().since(begun) > PATIENCE
            || done(&set_of(&picture(&Scene::default(), lab, plan.as_ref(), &namespace)), &then)
    });
    state.redraw();
    if state.guide.as_ref().is_some_and(|guide| !guide.done) {
        // It will not come about here: the story goes on all the same.
        end(state);
    }
}

fn back(state: &mut State) {
    let Some(guide) = &mut state.guide else { return };
    let Some(at) = guide.at.checked_sub(1) else { return };
    (guide.at, guide.done) = (at, true);
    let end = guide.ends.get(at).copied();
    state.transport.playing = false;
    if let Some(end) = end.filter(|_| state.time.branch().number == state.guide.as_ref().map_or(0, |g| g.branch)) {
        state.time.seek_to(end);
    }
    state.redraw();
}

/// Looks whether what is told has come about; then time stands still, so that it can be looked at.
pub(super) fn look(state: &mut State) {
    let Some(guide) = state.guide.as_ref().filter(|guide| !guide.done) else { return };
    let here = state.time.branch().moment();
    let late = state.time.now().since(guide.begun) > PATIENCE || told_until(state).is_some_and(|end| here >= end);
    if late || (guide.chapter().done)(&set_of(&state.scene), &guide.then) {
        end(state);
    }
}

fn end(state: &mut State) {
    state.transport.playing = false;
    let here = state.time.branch().moment();
    let Some(guide) = &mut state.guide else { return };
    guide.done = true;
    if guide.ends.len() == guide.at {
        guide.ends.push(here);
    }
}

#[cfg(test)]
#[path = "guide_tests.rs"]
mod tests;
