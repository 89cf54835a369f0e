//! Does what is asked for to the state of the page.

use super::action::Action;
use super::changes;
use super::desk;
use super::dock;
use super::folder;
use super::frame::picture;
use super::guide;
use super::manifest;
use super::opening;
use super::options::Options;
use super::palette;
use super::pane::{self, Welcome};
use super::state::{Panel, State};
use super::steps::STEPS;
use super::travel;
use crate::history::Act;
use crate::value::Text;

/// At most so many occurrences are taken to reach a moment at once.
const STEPS_A_JUMP: usize = 200_000;

/// Does one thing to the page.
pub fn update(state: &mut State, action: Action) {
    let Some(action) = state.travel.lets(action) else { return };
    state.travel.notes(&action);
    match action {
        Action::Frame(elapsed) => {
            let mut left = 16;
            state.frame(elapsed, &mut || {
                left -= 1;
                left > 0
            });
        }
        Action::TogglePlay => {
            state.transport.playing = !state.transport.playing;
            state.redraw();
        }
        Action::Next => {
            let (scene, plan, namespace) = (state.scene.clone(), state.plan.clone(), state.namespace.clone());
            let until = state.time.now().plus(travel::AHEAD_MS);
            if !state.time.jump(until, |lab| picture(&scene, lab, plan.as_ref(), &namespace) != *scene) {
                state.travel.say(false, "Nothing that can be seen changes within a day.");
            }
            state.redraw();
        }
        Action::Back => {
            state.transport.playing = false;
            travel::back(state);
        }
        Action::Seek(to) => {
            state.transport.playing = false;
            state.time.seek(to);
            state.redraw();
        }
        Action::Speed(speed) => state.transport.speed = speed.clamp(1, 1000),
        Action::Edit(text) => {
            state.folder.leave_edited();
            let written = state.folder.write(&text);
            state.takes(written);
        }
        Action::Example(title) => {
            state.folder.example(&title);
            state.look_again();
            state.patch = state.first_patch();
        }
        Action::File(action) => folder::update(state, action),
        Action::Desk(action) => desk::update(state, action),
        Action::Pane(action) => pane::update(state, action),
        Action::Dock(action) => dock::update(state, action),
        Action::Namespace(name) => {
            state.namespace = Text::from(name.trim().to_owned());
            state.judge();
            state.redraw();
        }
        Action::Begin => {
            state.transport.playing = true;
            update(state, Action::Apply);
        }
        Action::Apply => {
            for line in state.apply_lines() {
                state.press(line);
            }
        }
        Action::Replicas(number) => state.replicas = Some(number.clamp(0, 1000)),
        Action::Scale => {
            let line = state.scale_line();
            state.press(line);
            state.replicas = None;
        }
        Action::PatchText(text) => state.patch = Text::from(text),
        Action::Patch => {
            let line = state.patch_line();
            state.press(line);
        }
        Action::Deletion(label) => state.deletion = label,
        Action::Delete => {
            let line = state.chosen_deletion(&state.deletions()).map(|deletion| deletion.line.clone());
            if let Some(line) = line {
                state.press(line);
            }
        }
        Action::Run(line) => state.press(line),
        Action::LabStep(nth) => {
            if let Some(step) = STEPS.get(nth) {
                state.dock.bring(step.terminal);
                if state.lab().terminals.get(step.terminal).is_some_and(|t| t.foreground.is_some()) {
                    state.act(Act::Interrupt(step.terminal));
                }
                state.act(Act::Line { terminal: step.terminal, foreground: true, line: step.line.into() });
            }
        }
        Action::Type(terminal, text) => {
            let (world, files) = (&state.time.branch().lab().world, state.folder.all());
            if let Some(prompt) = state.dock.prompt_mut(terminal) {
                prompt.write(&text, world, &files);
            }
        }
        Action::Enter(terminal) => enter(state, terminal),
        Action::Interrupt(terminal) => {
            let busy = state.lab().terminals.get(terminal).is_some_and(|t| t.foreground.is_some());
            if busy {
                state.act(Act::Interrupt(terminal));
            } else if let Some(prompt) = state.dock.prompt_mut(terminal) {
                prompt.clear();
            }
        }
        Action::Recall(terminal, older) => {
            if let Some(prompt) = state.dock.prompt_mut(terminal) {
                prompt.recall(older);
            }
        }
        Action::Search(terminal) => {
            if let Some(prompt) = state.dock.prompt_mut(terminal) {
                prompt.search();
            }
        }
        Action::Rest(terminal) => {
            if let Some(prompt) = state.dock.prompt_mut(terminal) {
                prompt.rest();
            }
        }
        Action::Complete(terminal) => {
            let (world, files) = (&state.time.branch().lab().world, state.folder.all());
            if let Some(prompt) = state.dock.prompt_mut(terminal) {
                prompt.complete(world, &files);
            }
        }
        Action::Clear(terminal) => {
            if let Some(screen) = state.time.branch_mut().lab_mut().terminals.get_mut(terminal) {
                screen.clear();
            }
        }
        Action::Select(subject) => {
            changes::looks_at(state, subject.as_ref());
            if subject.is_some() {
                state.panel = Panel::Inspector;
            }
            state.selected = subject;
        }
        Action::Hint(subject) => {
            state.hint = Some((subject, "".into()));
            state.take_hint();
        }
        Action::Why(subject) => {
            changes::looks_at(state, Some(&subject));
            state.panel = Panel::Why;
            state.selected = Some(subject);
        }
        Action::Until(at) => {
            state.time.play_to(at, STEPS_A_JUMP);
            state.redraw();
        }
        Action::Sight(sight) => state.sight = sight,
        Action::Show(panel) => state.panel = panel,
        Action::AsTable(on) => state.as_table = on,
        Action::Fault(fault) => state.act(Act::Fault(fault)),
        Action::Theme(theme) => state.options.theme = theme,
        Action::Resume(text) => opening::resume(state, &text),
        Action::Travel(action) => travel::update(state, action),
        Action::Guide(action) => guide::update(state, action),
        Action::Lesson(name) => guide::ask(state, &name),
        Action::Tell(name, text) => guide::begin(state, &name, &text),
        Action::Palette(action) => palette::update(state, action),
        Action::PaletteText(text) => palette::typed(state, text),
        Action::Paper(on) => state.paper = on,
        Action::World(name) => anew(state, name),
    }
    changes::recall(state);
}

fn enter(state: &mut State, terminal: usize) {
    let busy = state.lab().terminals.get(terminal).is_some_and(|t| t.foreground.is_some());
    let Some(prompt) = state.dock.prompt_mut(terminal).filter(|_| !busy) else { return };
    let line = prompt.draft.to_string();
    if line.trim().is_empty() {
        return;
    }
    prompt.typed(&line);
    state.act(Act::Line { terminal, foreground: true, line });
}

/// A fresh session in another world; the reader's files stay.
fn anew(state: &mut State, world: String) {
    let options = Options { world, ..state.options.clone() };
    if let Some(fresh) = State::new(options) {
        let folder = std::mem::take(&mut state.folder);
        *state = State { folder, panel: state.panel, ..fresh };
        state.look_again();
        state.travel.lived += 1;
    }
}

/// What the actions are made of.
impl State {
    /// Takes in what was done with the files, or says why it was not done.
    pub(super) fn takes(&mut self, done: Result<(), String>) {
        if self.desk.caret > self.folder.text().len() {
            self.desk.caret = 0;
        }
        if let Err(complaint) = done {
            self.travel.say(true, complaint);
        }
        self.look_again();
    }

    /// The one way to act on the cluster.
    pub(super) fn act(&mut self, act: Act) {
        if matches!(act, Act::Line { .. }) {
            self.welcome = Welcome::Focus;
        }
        travel::act(self, act);
        self.judge();
        self.redraw();
    }

    fn press(&mut self, line: String) {
        self.act(Act::Line { terminal: 0, foreground: false, line });
    }

    /// Takes in what now stands in the editor.
    pub(super) fn look_again(&mut self) {
        let text = self.folder.own().map(|file| file.text.clone()).unwrap_or_default();
        if let Some(plan) = manifest::plan(&text) {
            self.plan = Some(plan);
        }
        self.judge();
        self.redraw();
    }
}

#[cfg(test)]
#[path = "update_tests.rs"]
mod tests;
