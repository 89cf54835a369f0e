//! Travelling in time and between branches: what the page's buttons and keys for it do.

use std::rc::Rc;

use super::action::Action;
use super::annals::MarkKind;
use super::desk::DeskAction;
use super::frame::picture;
use super::gantt::{Gantt, Window};
use super::opening::Opening;
use super::outbox::{self, Parcel, Piece, Way};
use super::pane::Welcome;
use super::scene::Scene;
use super::share;
use super::state::State;
use super::steps::{LabStep, STEPS};
use crate::history::{Act, Moment, Undone};

/// At most so many things are done after a session has been opened that were asked for before.
const WAITING: usize = 64;

/// The next event or change is looked for so far ahead, ms: a loop of crashes has one every few minutes, and a cluster in which
/// nothing more comes of itself may go on counting for ever.
pub(super) const AHEAD_MS: i64 = 24 * 3_600_000;

/// How much of the timeline is shown, ms: all of it, or less.
pub const ZOOMS: [i64; 6] = [0, 24 * 3_600_000, 6 * 3_600_000, 3_600_000, 600_000, 120_000];

/// What is stepped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Stride {
    Event,
    Decision,
    Intent,
}

impl Stride {
    /// Every one, as the page offers them, with its letter on the keyboard, and what it is.
    pub const ALL: [(Self, &'static str, &'static str, &'static str); 3] = [
        (Self::Event, "event", "e", "an event, as kubectl lists them"),
        (Self::Decision, "decision", "d", "a controller's decision"),
        (Self::Intent, "intent", "i", "something you did"),
    ];

    /// What is said where none of them follows.
    fn none_ahead(self) -> &'static str {
        match self {
            Self::Event => "No event follows within a day.",
            Self::Decision => "No controller decides anything within a day.",
            Self::Intent => "Nothing else was done after this moment.",
        }
    }

    fn takes(self, kind: MarkKind) -> bool {
        match self {
            Self::Event => matches!(kind, MarkKind::Event | MarkKind::Warning),
            Self::Decision => kind == MarkKind::Decision,
            Self::Intent => kind == MarkKind::Act,
        }
    }
}

/// What can be done with time and branches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum TravelAction {
    /// To the next event, decision or intent.
    Forward(Stride),
    /// To the one before.
    Backward(Stride),
    /// To where nothing was done yet, not even what was done at the first moment.
    Beginning,
    /// Leaves time out in which nothing happens.
    SkipIdle(bool),
    /// Shows more (or less) of the timeline.
    Zoom(bool),
    Undo,
    Switch(u32),
    Rename(u32, String),
    Forget(u32),
    /// Shows a branch beside this one, or none.
    Compare(Option<u32>),
    /// What the page has said is read.
    Dismiss,
    /// Stops opening a session where it has come to.
    Enough,
    /// Brings the link up to date.
    Link,
    /// A piece of the session leaves the page.
    Export(Piece, Way),
}

/// Something the page has to say about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Whether something went wrong.
    pub warns: bool,
    /// What.
    pub text: String,
    /// Whether it is about something that left the page.
    pub shared: bool,
    /// The branch that was left, which could be shown beside.
    pub left: Option<u32>,
}

/// What the page needs to travel and to share.
#[derive(Clone, Debug, Default)]
pub struct Travel {
    /// What is to be said.
    pub notice: Option<Notice>,
    /// The timeline.
    pub gantt: Rc<Gantt>,
    /// The picture of the branch shown beside.
    pub beside: Option<Rc<Scene>>,
    /// Whether the user is looking for a moment: nothing is told aloud meanwhile.
    pub scrubbing: bool,
    /// Whether the time was moved and has not rested since: what is in sight is drawn, the rest follows.
    pub moved: bool,
    /// The place in `ZOOMS`.
    pub zoom: usize,
    /// Counts what is worth a new link.
    pub touched: u64,
    /// Counts what was done: what a crash must not lose.
    pub lived: u64,
    /// What is to leave the page; the port takes it.
    pub outbox: Vec<Parcel>,
    /// The link as it was made last: its fragment, or why there is none.
    pub link: Option<Result<String, String>>,
    pub(super) opening: Option<Opening>,
    pub(super) waiting: Vec<Action>,
    done_at: (u32, usize),
}

impl Travel {
    /// Whether a session is being performed; what is asked for meanwhile is done afterwards.
    pub fn opens(&self) -> bool {
        self.opening.is_some()
    }

    /// Answers what may be done now.
    pub(super) fn lets(&mut self, action: Action) -> Option<Action> {
        let at_once = matches!(
            action,
            Action::Frame(_)
                | Action::Theme(_)
                | Action::Hint(_)
                | Action::Resume(_)
                | Action::Travel(TravelAction::Enough)
        );
        if at_once || !self.opens() {
            return Some(action);
        }
        if self.waiting.len() < WAITING {
            self.waiting.push(action);
        }
        None
    }

    /// Takes note of what is going to be done.
    pub(super) fn notes(&mut self, action: &Action) {
        let quiet = matches!(
            action,
            Action::Frame(_)
                | Action::Desk(DeskAction::Point(_) | DeskAction::Caret(_))
                | Action::Hint(_)
                | Action::Travel(TravelAction::Link | TravelAction::Dismiss | TravelAction::Export(..))
        );
        if quiet {
            return;
        }
        self.scrubbing = matches!(
            action,
            Action::Seek(_)
                | Action::Back
                | Action::Travel(TravelAction::Forward(_) | TravelAction::Backward(_) | TravelAction::Beginning)
        );
        self.moved = self.scrubbing;
        // A remark in passing is about what was done last.
        self.notice.take_if(|notice| !notice.warns && !notice.shared && notice.left.is_none());
        self.touched += 1;
    }

    /// Another branch is shown now.
    fn left(&mut self, branch: u32, text: String) {
        self.notice = Some(Notice { warns: false, text, shared: false, left: Some(branch) });
    }

    pub(super) fn say(&mut self, warns: bool, text: impl Into<String>) {
        self.notice = Some(Notice { warns, text: text.into(), shared: false, left: None });
    }
}

/// Somebody acts on the cluster, at the cursor.
pub(super) fn act(state: &mut State, act: Act) {
    let before = state.time.branch().number;
    match state.time.act(act, &state.folder.all()) {
        Ok(()) => {
            let (branch, left) = (state.time.branch(), state.time.branches().iter().find(|one| one.number == before));
            if let Some(left) = left.filter(|_| branch.number != before) {
                let play = if state.transport.playing { "" } else { " Press Play to see what comes of it." };
                let (now, left) = (&branch.name, &left.name);
                let text =
                    format!("You acted in the past: this is {now} now, and what was to come is kept on {left}.{play}");
                state.travel.left(before, text);
            }
            state.travel.lived += 1;
        }
        Err(refusal) => state.travel.say(true, refusal.to_string()),
    }
}

/// Goes to the change before.
pub(super) fn back(state: &mut State) {
    let now = Moment { at: state.time.now(), ..Moment::default() };
    let marks = &state.time.branch().record().marks;
    let seen = |kind| matches!(kind, MarkKind::Change | MarkKind::Act);
    let to = marks.iter().rev().find(|mark| mark.at.at < now.at && seen(mark.kind)).map(|mark| mark.at.at);
    state.transport.playing = false;
    match to {
        Some(to) => state.time.seek(to),
        None => state.time.seek_to(Moment::default()),
    }
    state.redraw();
}

/// Does one of these things.
pub(super) fn update(state: &mut State, action: TravelAction) {
    // What was said of another branch is not true of this one.
    if matches!(action, TravelAction::Switch(_) | TravelAction::Forget(_) | TravelAction::Compare(_)) {
        state.travel.notice = None;
    }
    let here = state.time.branch().moment();
    let mut moved = true;
    match action {
        TravelAction::Forward(stride) => {
            state.transport.playing = false;
            if !forward(state, stride) {
                state.travel.say(false, stride.none_ahead());
            }
        }
        TravelAction::Backward(stride) => {
            state.transport.playing = false;
            let before = state.time.branch().record().before(here, |kind| stride.takes(kind));
            state.time.seek_to(before.unwrap_or_default());
        }
        TravelAction::Beginning => {
            state.transport.playing = false;
            state.time.seek_to(Moment::default());
        }
        TravelAction::Undo => {
            let (left, name) = (state.time.branch().number, state.time.branch().name.clone());
            match state.time.undo() {
                Undone::Nothing => state.travel.say(false, "There is nothing to undo before this moment."),
                Undone::Kept => {
                    state.travel.left(left, format!("Undone. With it, everything goes on as it was on {name}."));
                }
                Undone::Again => state.travel.say(false, "Undone as well."),
                Undone::Dropped => state.travel.say(true, "Undone. There was no room to keep the branch with it."),
            }
            state.transport.playing = false;
            state.travel.lived += 1;
            state.welcome = Welcome::Shown;
        }
        TravelAction::Switch(number) => {
            state.time.switch(number);
            state.travel.lived += 1;
        }
        TravelAction::Rename(number, name) => {
            state.time.rename(number, &name);
            state.travel.lived += 1;
        }
        TravelAction::Forget(number) => {
            state.time.delete(number);
            state.travel.lived += 1;
        }
        TravelAction::Compare(number) => {
            state.transport.playing = false;
            state.time.compare(number);
        }
        other => {
            moved = false;
            match other {
                TravelAction::SkipIdle(on) => state.transport.skips = on,
                TravelAction::Zoom(closer) => {
                    let zoom = state.travel.zoom;
                    state.travel.zoom = zoomed(state, zoom, closer);
                    redraw(state);
                }
                TravelAction::Dismiss => state.travel.notice = None,
                TravelAction::Enough => super::opening::opened(state, true),
                TravelAction::Export(piece, way) => {
                    let (warns, text) = match outbox::parcel(state, piece, way) {
                        Ok((parcel, said)) => {
                            state.travel.outbox.push(parcel);
                            (false, said)
                        }
                        Err(complaint) => (true, complaint),
                    };
                    state.travel.notice = Some(Notice { warns, text, shared: true, left: None });
                }
                TravelAction::Link => state.travel.link = Some(share::fragment(state)),
                _ => {}
            }
        }
    }
    if moved {
        // The editor is the user's, but what kubectl would say to it is the moment's.
        if !state.travel.moved {
            state.judge();
        }
        state.redraw();
    }
}

/// Goes on to the next of these. False where there is none within a day of the cluster, or nothing else was done.
fn forward(state: &mut State, stride: Stride) -> bool {
    let branch = state.time.branch();
    let mut from = branch.moment();
    let until = match stride {
        Stride::Intent => branch.entries().get(from.acted).map(|entry| entry.at),
        Stride::Event | Stride::Decision => Some(from.at.plus(AHEAD_MS)),
    };
    until.is_some_and(|until| {
        state.time.find(until, |record| {
            // Each mark is looked at once.
            let found = record.next(from, |kind| stride.takes(kind));
            from = record.marks.last().map_or(from, |last| from.max(last.at));
            found
        })
    })
}

/// The next zoom that shows less (or more) than this one does.
fn zoomed(state: &State, zoom: usize, closer: bool) -> usize {
    let spans = |zoom: &usize| Window::of(&state.time, *zoom).span;
    let now = spans(&zoom);
    let found = if closer {
        (zoom + 1..ZOOMS.len()).find(|zoom| spans(zoom) < now)
    } else {
        (0..zoom).rev().find(|zoom| spans(zoom) > now)
    };
    found.unwrap_or(zoom)
}

/// Brings up to date what depends on the cursor.
pub(super) fn redraw(state: &mut State) {
    beside(state);
    timeline(state);
}

/// Brings the picture of the branch beside up to date.
pub(super) fn beside(state: &mut State) {
    let empty = Scene::default();
    let before = state.travel.beside.as_deref().unwrap_or(&empty);
    let beside = state.time.beside().map(|branch| picture(before, branch.lab(), None, &state.namespace));
    if beside.as_ref() != state.travel.beside.as_deref() {
        state.travel.beside = beside.map(Rc::new);
    }
}

/// Brings the timeline up to date, and what of the lab was done.
pub(super) fn timeline(state: &mut State) {
    if let Some(gantt) = state.travel.gantt.anew(&state.time, state.travel.zoom) {
        state.travel.gantt = Rc::new(gantt);
    }
    let branch = state.time.branch();
    let at = (branch.number, branch.moment().acted);
    if at != state.travel.done_at {
        state.travel.done_at = at;
        let entries = branch.entries().iter().take(at.1);
        let lines: Vec<&str> = entries.filter_map(|entry| line_of(&entry.act)).collect();
        let done = |step: &LabStep| lines.iter().any(|line| *line == step.line || *line == applied(step));
        let done: Vec<bool> = STEPS.iter().map(done).collect();
        if *state.done != done {
            state.done = Rc::new(done);
        }
    }
}

fn line_of(act: &Act) -> Option<&str> {
    match act {
        Act::Line { line, .. } => Some(line.trim()),
        _ => None,
    }
}

fn applied(step: &LabStep) -> String {
    step.line.replace("create -f", "apply -f")
}

#[cfg(test)]
#[path = "travel_tests.rs"]
mod tests;
