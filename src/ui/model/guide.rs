//! A lesson as it is told: it performs real commands in the real simulator, points at what they bring about, and goes
//! back by seeking; then it hands the simulator over.

use std::rc::Rc;

use super::frame::picture;
use super::lesson::{Chapter, LESSONS, Lesson, Listed};
use super::manifest::FIRST;
use super::outbox::Parcel;
use super::scene::{Scene, SetScene, Standing};
use super::state::State;
use crate::api::Kind;
use crate::history::{Act, FILE, Moment};
use crate::sim::Fault;
use crate::time::Time;
use crate::value::Text;

/// The namespace of every lesson.
const NAMESPACE: &str = "lab-18";

/// What has not come about after so long, simulated ms, does not come any more: the reader went another way.
const PATIENCE: i64 = 600_000;

/// How far the story has come.
#[derive(Clone, Debug, Default)]
pub struct Guide {
    /// Its name in addresses; empty for somebody's own.
    pub name: Text,
    /// What is told.
    pub lesson: Rc<Lesson>,
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
    /// To the next chapter; or, while one is being told, to its end at once.
    Next,
    /// To the end of the chapter before.
    Back,
    Leave,
}

impl Guide {
    /// The chapter that is told.
    pub fn chapter(&self) -> Option<&Chapter> {
        self.lesson.chapters.get(self.at)
    }

    /// The set that the chapter is about.
    fn set(&self) -> Text {
        self.chapter().map(|chapter| chapter.set.clone()).unwrap_or_default()
    }

    /// The id of what it points at.
    pub fn points(&self) -> Text {
        self.chapter().map(|chapter| chapter.points.clone()).unwrap_or_default()
    }

    /// Whether it is the last one.
    pub fn is_last(&self) -> bool {
        self.at + 1 >= self.lesson.chapters.len()
    }

    /// Whether what the chapter tells of has come about.
    pub fn has_come(&self, now: &SetScene, at: Time) -> bool {
        self.chapter().is_none_or(|chapter| chapter.has_come(now, &self.then, at, self.begun))
    }

    /// The lesson that follows this one in the list.
    pub fn follows(&self) -> Option<&'static Listed> {
        let at = LESSONS.iter().position(|lesson| self.name == lesson.0)?;
        LESSONS.get(at + 1)
    }
}

/// The set of a chapter as it stands in a picture.
fn set_of(scene: &Scene, name: &Text) -> Rc<SetScene> {
    let ours =
        |set: &&Rc<SetScene>| set.namespace == NAMESPACE && set.name == *name && set.standing != Standing::Planned;
    scene.sets.iter().find(ours).cloned().unwrap_or_default()
}

/// Asks for a lesson of the list by its name; the browser fetches it. Says so where there is no such lesson.
pub(super) fn ask(state: &mut State, name: &str) {
    if LESSONS.iter().any(|lesson| lesson.0 == name) {
        return state.travel.outbox.push(Parcel::Lesson(name.to_owned()));
    }
    let names: Vec<&str> = LESSONS.iter().map(|lesson| lesson.0).collect();
    let text = format!("There is no lesson \u{201c}{name}\u{201d} here. There are: {}.", names.join(", "));
    state.travel.say(true, text);
}

/// Does one of these things.
pub(super) fn update(state: &mut State, action: GuideAction) {
    match action {
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

/// Begins a lesson from the beginning of time, with its own files; what was done before stays on its branch.
pub(super) fn begin(state: &mut State, name: &str, text: &str) {
    let lesson = match Lesson::read(text) {
        Ok(lesson) => Rc::new(lesson),
        Err(complaint) => return state.travel.say(true, format!("This lesson cannot be told. {complaint}")),
    };
    state.transport.playing = false;
    let speed = state.guide.as_ref().map_or(state.transport.speed, |guide| guide.speed);
    state.guide = None;
    state.time.compare(None);
    state.time.seek(Time(0));
    lay_out(state, &lesson);
    state.namespace = NAMESPACE.into();
    state.replicas = None;
    state.as_table = false;
    let branch = state.time.branch().number;
    state.guide = Some(Guide { name: Text::copy(name), lesson, speed, branch, ..Guide::default() });
    state.look_again();
    tell(state);
}

/// The lesson's files lie open, the lab's manifest before all; what the reader wrote there can be had back.
fn lay_out(state: &mut State, lesson: &Lesson) {
    state.folder.lay(FILE, FIRST);
    for (name, text) in lesson.files.iter().rev() {
        state.folder.lay(name, text);
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
    let (begun, branch) = (state.time.now(), state.time.branch().number);
    let Some(guide) = &mut state.guide else { return };
    if !same_branch {
        guide.ends.truncate(at);
        guide.branch = branch;
    }
    (guide.at, guide.done, guide.begun) = (at, false, begun);
    state.transport.playing = true;
    tell(state);
}

/// Begins the chapter. What it does is done once; told again, it happens by itself.
fn tell(state: &mut State) {
    let Some(guide) = &mut state.guide else { return };
    let chapter = guide.chapter().cloned().unwrap_or_default();
    guide.then = set_of(&state.scene, &chapter.set);
    state.transport.speed = chapter.speed.clamp(1, 1000);
    if guide.ends.len() <= guide.at {
        state.transport.playing |= !chapter.does.is_empty();
        for (_, act) in chapter.does {
            if let Act::Line { terminal, foreground: true, .. } = act {
                state.dock.bring(terminal);
                if state.lab().terminals.get(terminal).is_some_and(|t| t.foreground.is_some()) {
                    state.act(Act::Interrupt(terminal));
                }
            }
            let act = placed(state, act);
            state.act(act);
        }
        if let Some(guide) = &mut state.guide {
            // The first act after going back begins another branch.
            guide.branch = state.time.branch().number;
        }
    }
    look(state);
}

/// What breaks the node of a pod, with the node's name.
fn placed(state: &State, act: Act) -> Act {
    let node = |name: Text| match name.strip_prefix('@') {
        Some(pod) => {
            let pod = state.lab().world.store().get(Kind::Pod, NAMESPACE, pod);
            pod.and_then(|pod| Some(pod.as_pod()?.node.clone())).unwrap_or_default()
        }
        None => name,
    };
    match act {
        Act::Fault(Fault::NodeStops(name)) => Act::Fault(Fault::NodeStops(node(name))),
        Act::Fault(Fault::NodeStarts(name)) => Act::Fault(Fault::NodeStarts(node(name))),
        act => act,
    }
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
    let Some(guide) = state.guide.clone() else { return };
    let (plan, namespace) = (state.plan.clone(), state.namespace.clone());
    let latest = guide.begun.plus(PATIENCE);
    let came = state.time.jump(latest, |lab| {
        let scene = picture(&Scene::default(), lab, plan.as_ref(), &namespace);
        guide.has_come(&set_of(&scene, &guide.set()), lab.world.now())
    });
    if !came {
        state.time.play_to(latest, usize::MAX);
    }
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
    let now = state.time.now();
    let late = now.since(guide.begun) > PATIENCE || told_until(state).is_some_and(|end| here >= end);
    if late || guide.has_come(&set_of(&state.scene, &guide.set()), now) {
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
