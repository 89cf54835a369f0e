//! Opens what was kept or shared: a link, a file, the session from before a reload.

use super::action::Action;
use super::folder::Folder;
use super::options::Options;
use super::pane::Welcome;
use super::share;
use super::state::State;
use crate::history::Session;
use crate::time::Time;

/// A shared session is performed for at most so many occurrences.
const STEPS_TO_OPEN: usize = 1_500_000;

/// So many occurrences are taken before it is asked whether there is time for more.
const STEPS_AT_ONCE: usize = 64;

/// A session that is being performed.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    session: Session,
    steps: usize,
}

/// Opens what was kept or shared: `open` or `undo` (then without its last act) in a line of its own, and below it the
/// fragment of a link or the text of a file.
///
/// Or `until` and a moment, ms: time passes to there at once.
pub(super) fn resume(state: &mut State, text: &str) {
    if let Some(at) = text.strip_prefix("until ").and_then(|at| at.parse().ok()) {
        if state.travel.opens() {
            state.travel.waiting.push(Action::Resume(text.to_owned()));
        } else {
            state.time.play_to(Time(at), STEPS_TO_OPEN / 4);
            state.redraw();
        }
        return;
    }
    let (how, text) = text.split_once('\n').unwrap_or(("open", text));
    let mut session = match share::read(text) {
        None => return,
        Some(Ok(session)) => session,
        Some(Err(broken)) => {
            state
                .travel
                .say(true, format!("This link or file cannot be opened. {broken} Here is a fresh sandbox instead."));
            return start_over(state);
        }
    };
    if how == "undo" {
        session.drop_last();
    }
    if let Err(complaint) = share::fits(&session) {
        state.travel.say(true, format!("{complaint} Here is a fresh sandbox instead."));
        return start_over(state);
    }
    let world = session.world.split(' ').next().unwrap_or_default().to_owned();
    let Some(fresh) = State::new(Options { world, ..state.options.clone() }) else { return };
    let Some(time) = share::history(&session, fresh.lab()) else { return };
    let (panel, as_table, dock) = (state.panel, state.as_table, state.dock.clone());
    *state = State { time, dock, panel, as_table, guide: None, ..fresh };
    state.transport.playing = false;
    if !session.namespace.is_empty() {
        state.namespace = session.namespace.clone();
    }
    state.travel.opening = Some(Opening { session, steps: 0 });
}

fn start_over(state: &mut State) {
    let Some(fresh) = State::new(state.options.clone()) else { return };
    let notice = state.travel.notice.take();
    *state = fresh;
    state.travel.notice = notice;
}

/// How far the opening has come, in percent.
pub fn progress(state: &State) -> Option<i64> {
    state.travel.opening.as_ref()?;
    let branches = || state.time.branches().iter();
    let whole: i64 = branches().map(|branch| branch.end().0).sum();
    let reached: i64 = branches().map(|branch| branch.now().0).sum();
    Some(reached.saturating_mul(100) / whole.max(1))
}

/// Goes on performing what is being opened, as long as there is time for `more`.
pub(super) fn open_on(state: &mut State, more: &mut dyn FnMut() -> bool) {
    while let Some(opening) = &mut state.travel.opening {
        let unfinished = state.time.branches_mut().iter_mut().find(|branch| branch.in_the_past());
        let Some(branch) = unfinished else { return opened(state, false) };
        branch.play_to(branch.end(), STEPS_AT_ONCE);
        opening.steps += STEPS_AT_ONCE;
        if opening.steps > STEPS_TO_OPEN {
            return opened(state, true);
        }
        if !more() {
            return;
        }
    }
}

/// What was opened is there: the cursor goes to its place, and it is said where this engine leads elsewhere.
pub(super) fn opened(state: &mut State, early: bool) {
    let Some(Opening { session, .. }) = state.travel.opening.take() else { return };
    state.folder = Folder::of(&session.files, &session.file);
    state.welcome = Welcome::Shown;
    state.look_again();
    state.dock.open_used(state.time.branch().entries());
    if early {
        let text = "What was done goes on for longer than was performed here: play on to see the rest.";
        state.travel.say(true, text);
    } else {
        state.time.seek_to(session.cursor);
        state.redraw();
        if let Some(text) = share::differs(&session, state) {
            state.time.seek(session.cursor.at);
            state.travel.say(true, text);
        }
    }
    state.judge();
    state.redraw();
    state.travel.lived += 1;
    for action in std::mem::take(&mut state.travel.waiting) {
        super::update::update(state, action);
    }
}
