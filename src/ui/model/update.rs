//! The state of the page and everything that can be done to it.

use std::rc::Rc;

use super::changes::{self, Yore};
use super::commands;
use super::desk::{self, Desk, DeskAction};
use super::dock::{self, Dock, DockAction};
use super::folder::{self, FileAction, Folder};
use super::guide::{self, Guide, GuideAction};
use super::inspect::{Sight, Subject};
use super::lab::Lab;
use super::manifest::{self, FIRST, Verdict};
use super::palette::{self, Palette, PaletteAction};
use super::scene::{Plan, Scene, SetScene};
use super::steps::STEPS;
use super::transport::Transport;
use super::travel::{self, Travel, TravelAction};
use super::why::Answer;
use crate::api::Kind;
use crate::history::{Act, History};
use crate::sim::{Fault, World};
use crate::time::Time;
use crate::value::Text;

/// After so many occurrences it is asked whether there is time for more in this frame.
const STEPS_AT_ONCE: usize = 16;

/// The timeline and the side panel are drawn anew so long after the last time, real µs, while time passes.
const SLOW_US: i64 = 250_000;

/// The same where there are more seats than are drawn in full: their timeline is long.
const SLOW_OF_MANY_US: i64 = 1_000_000;

/// Where the engine cannot keep up, only every so manyth frame is drawn.
const DRAWN_BEHIND: u32 = 6;

/// At most so many occurrences are taken to reach a moment at once.
const STEPS_A_JUMP: usize = 200_000;

/// What the side panel shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Panel {
    #[default]
    Steps,
    Story,
    Events,
    Inspector,
    Why,
    Promises,
    Faults,
}

/// What the address asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Shown inside another page.
    pub embed: bool,
    /// `light`, `dark`, or empty for the system's.
    pub theme: String,
    /// Simulated seconds in a second.
    pub speed: Option<i64>,
    /// Which regions are shown, by name and separated by commas (`manifest,stage,panel,terminals`); empty for the usual
    /// ones: all, and in another page the stage and the terminals.
    pub panes: String,
    /// Whether the reader may only look: nothing can be typed or pressed that would act on the cluster.
    pub readonly: bool,
    /// The address of the page itself, outside of any frame, without a fragment.
    pub base: String,
    /// The lesson that is begun at once: `seats`, the guided story; none where empty.
    pub lesson: String,
    /// The world of a fresh session: `life` where empty, or `recorded`.
    pub world: String,
}

impl Options {
    /// Whether a region is shown.
    pub fn shows(&self, pane: &str) -> bool {
        match self.panes.as_str() {
            "" => !self.embed || matches!(pane, "stage" | "terminals"),
            panes => panes.split(',').any(|name| name == pane),
        }
    }
}

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct State {
    /// The cluster, its terminals, its story: at the cursor, and how to get elsewhere.
    pub time: History<Lab>,
    /// What the page needs to travel in time and to share: notices, zoom, what is compared, what is being opened.
    pub travel: Travel,
    /// The terminals that are open, and the lines being typed.
    pub dock: Dock,
    /// The picture of this moment.
    pub scene: Rc<Scene>,
    /// Play, pause, speed.
    pub transport: Transport,
    /// The editor's files.
    pub folder: Folder,
    /// The editor's caret, what is offered there.
    pub desk: Desk,
    /// What kubectl says to it.
    pub verdict: Rc<Verdict>,
    /// What the cluster was like when it said so.
    pub(super) judged: Standing,
    /// What it plans; the last readable plan while the text is broken.
    pub plan: Option<Plan>,
    /// The namespace that the buttons act in.
    pub namespace: Text,
    /// The number in the scale box; `None` while it follows the set.
    pub replicas: Option<i64>,
    /// The text in the patch box.
    pub patch: Text,
    /// What Delete would delete, by its label; the first possible where it is not possible any more.
    pub deletion: String,
    /// The thing looked at.
    pub selected: Option<Subject>,
    /// The seat under the pointer or with the focus, and what it waits for in the words of `explain`; empty where it
    /// waits for nothing.
    pub hint: Option<(Subject, Rc<str>)>,
    /// How it is looked at.
    pub sight: Sight,
    /// How it was before.
    pub yore: Yore,
    /// The side panel.
    pub panel: Panel,
    /// Counts how often what need not follow every frame was brought up to date: the timeline, the side panel.
    pub slow: u64,
    /// How long ago that was, real µs.
    pub(super) waited_us: i64,
    /// In how many frames one after the other the engine was not done.
    pub(super) behind: u32,
    /// Whether something has happened that was not drawn yet.
    pub(super) undrawn: bool,
    /// Whether what only paper shows is there: the table and the story.
    pub paper: bool,
    /// The command palette, while it is open.
    pub palette: Option<Palette>,
    /// The guided story, while it is told.
    pub guide: Option<Guide>,
    /// Whether the stage is shown as a table.
    pub as_table: bool,
    /// Which steps of the lab were done.
    pub done: Rc<Vec<bool>>,
    /// What the address asked for.
    pub options: Options,
}

/// What can be done.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Action {
    /// Real time has passed, µs.
    Frame(i64),
    TogglePlay,
    Next,
    /// To the change before.
    Back,
    /// To a moment that was seen already.
    Seek(Time),
    Speed(i64),
    Edit(String),
    /// Takes a manifest of the gallery by its title, or the user's own by any other.
    Example(String),
    Namespace(String),
    Apply,
    Replicas(i64),
    Scale,
    PatchText(String),
    Patch,
    Deletion(String),
    Delete,
    Type(usize, String),
    Enter(usize),
    Interrupt(usize),
    Recall(usize, bool),
    /// Takes the suggestion of a terminal.
    Complete(usize),
    Clear(usize),
    /// Looks for a line typed before, or for an older one.
    Search(usize),
    /// Offers nothing in a terminal until something is typed again.
    Rest(usize),
    Dock(DockAction),
    File(FileAction),
    Desk(DeskAction),
    /// Does a step of the lab.
    LabStep(usize),
    /// Runs a line as a button does.
    Run(String),
    Select(Option<Subject>),
    /// Looks at a seat in passing.
    Hint(Subject),
    Sight(Sight),
    /// Asks why a thing is as it is.
    Why(Subject),
    /// Lets time pass until a moment to come.
    Until(Time),
    Show(Panel),
    AsTable(bool),
    Fault(Fault),
    Theme(String),
    /// Something kept from before, or shared: a link, a file.
    Resume(String),
    Travel(TravelAction),
    Guide(GuideAction),
    Palette(PaletteAction),
    /// Something is typed into the palette.
    PaletteText(String),
    /// The page is being printed, or is not any more.
    Paper(bool),
    /// Begins anew in a world, by its name.
    World(String),
}

impl State {
    /// The page as it opens. `None` only when the program's own profile cannot be read.
    pub fn new(options: Options) -> Option<Self> {
        let mut state = Self {
            time: History::new(Lab::of(&options.world)?),
            travel: Travel::default(),
            dock: Dock::default(),
            scene: Rc::default(),
            transport: Transport::default(),
            plan: manifest::plan(FIRST),
            verdict: Rc::default(),
            judged: Standing::default(),
            namespace: "lab-18".into(),
            replicas: None,
            patch: Text::default(),
            deletion: String::new(),
            selected: None,
            hint: None,
            sight: Sight::default(),
            yore: Yore::default(),
            panel: Panel::Steps,
            palette: None,
            paper: false,
            guide: None,
            slow: 0,
            waited_us: 0,
            behind: 0,
            undrawn: false,
            as_table: false,
            done: Rc::new(vec![false; STEPS.len()]),
            folder: Folder::default(),
            desk: Desk::default(),
            options,
        };
        if let Some(speed) = state.options.speed {
            state.transport.speed = speed.clamp(1, 1000);
        }
        state.patch = state.first_patch();
        state.judge();
        state.redraw();
        if state.options.lesson == "seats" {
            guide::update(&mut state, GuideAction::Begin);
        }
        Some(state)
    }

    /// The laboratory at the cursor.
    pub fn lab(&self) -> &Lab {
        self.time.branch().lab()
    }

    /// The set that the buttons act on: the manifest's, or the first of the namespace, or the first of all.
    pub fn set(&self) -> Option<&SetScene> {
        let sets = || self.scene.sets.iter().map(AsRef::as_ref);
        let named = |set: &&SetScene| self.plan.as_ref().is_some_and(|plan| plan.name == set.name);
        sets()
            .find(|set| set.namespace == self.namespace && named(set))
            .or_else(|| sets().find(|set| set.namespace == self.namespace))
            .or_else(|| sets().next())
    }

    /// The name of the set that the buttons act on.
    pub fn set_name(&self) -> Text {
        self.set()
            .map(|set| set.name.clone())
            .or_else(|| self.plan.as_ref().map(|p| p.name.clone()))
            .unwrap_or_default()
    }

    fn first_patch(&self) -> Text {
        let choices = self.plan.as_ref().map(commands::patches).unwrap_or_default();
        choices.first().map(|choice| choice.patch.clone()).unwrap_or_default()
    }

    /// The number in the scale box.
    pub fn wanted(&self) -> i64 {
        self.replicas.or_else(|| self.set().map(|set| set.wanted)).unwrap_or(0)
    }

    /// Whether the namespace that the buttons act in is there.
    pub fn namespace_exists(&self) -> bool {
        self.lab().world.store().get(Kind::Namespace, "", &self.namespace).is_some()
    }

    /// The lines of Apply.
    pub fn apply_lines(&self) -> Vec<String> {
        commands::apply(&self.folder.name(), &self.namespace, self.namespace_exists())
    }

    /// The line of Scale.
    pub fn scale_line(&self) -> String {
        commands::scale(&self.set_name(), &self.namespace, self.wanted())
    }

    /// The line of Patch.
    pub fn patch_line(&self) -> String {
        commands::patch(&self.set_name(), &self.namespace, &self.patch)
    }

    /// What can be deleted.
    pub fn deletions(&self) -> Vec<commands::Deletion> {
        commands::deletions(self.set(), &self.namespace, self.namespace_exists())
    }

    /// What Delete would delete.
    pub fn chosen_deletion(&self) -> Option<commands::Deletion> {
        let all = self.deletions();
        let chosen = all.iter().find(|d| d.label == self.deletion).cloned();
        chosen.or_else(|| all.into_iter().next())
    }

    /// Whom "why?" is asked of: the thing looked at, or else the set.
    pub fn asked(&self) -> Option<Subject> {
        let set = || {
            let set = self.set()?;
            Some(Subject::new(Kind::StatefulSet, set.namespace.clone(), set.name.clone()))
        };
        self.selected.clone().or_else(set)
    }

    /// The answer to that.
    pub fn answer(&self) -> Answer {
        self.asked().map(|subject| Answer::of(self.lab(), &subject)).unwrap_or_default()
    }

    /// The last sentence of the story.
    pub fn narration(&self) -> Rc<str> {
        match self.lab().story.iter().rev().find(|told| told.aloud) {
            Some(told) if told.about.is_empty() => format!("{} {}", told.by, told.text).into(),
            Some(told) => format!("{} ({}): {}", told.by, told.about, told.text).into(),
            None => {
                "Press Play or Apply. Nothing has happened yet: the cluster is at rest and time waits for you.".into()
            }
        }
    }

    /// How long until the next frame, real ms; `None` when none is wanted.
    pub fn sleep(&self) -> Option<u32> {
        if self.travel.opens() { Some(0) } else { self.transport.sleep(self.time.now(), self.time.next_at()) }
    }

    /// Lets real time pass, µs, as long as there is time for `more`; what is left is taken in the next frame.
    /// False where nothing is to be drawn anew.
    pub fn frame(&mut self, elapsed_us: i64, more: &mut dyn FnMut() -> bool) -> bool {
        if self.travel.opens() {
            travel::open_on(self, more);
            return true;
        }
        let before = self.happened();
        let second = self.time.now().0 / 1000;
        let target = self.transport.target(self.time.now(), self.time.next_at(), elapsed_us);
        let reached = match guide::told_until(self).filter(|end| end.at <= target) {
            Some(end) => {
                self.time.seek_to(end);
                true
            }
            None => loop {
                if self.time.play_to(target, STEPS_AT_ONCE) {
                    break true;
                }
                if !more() {
                    break false;
                }
            },
        };
        self.behind = if reached { 0 } else { self.behind + 1 };
        let changed = std::mem::take(&mut self.undrawn) || before != self.happened();
        if changed && self.guide.is_none() && !self.behind.is_multiple_of(DRAWN_BEHIND) {
            self.undrawn = true;
            self.waited_us += elapsed_us.max(0);
            return false;
        }
        if changed {
            self.draw();
            travel::beside(self);
        } else {
            guide::look(self);
        }
        self.waited_us += elapsed_us.max(0);
        // Where time stands still from now on, nothing is left for later.
        let many = self.scene.sets.iter().any(|set| matches!(set.density(), "dense" | "strip"));
        let slow = self.waited_us > if many { SLOW_OF_MANY_US } else { SLOW_US } || self.sleep().is_none();
        if slow {
            self.waited_us = 0;
            self.slow += 1;
            travel::timeline(self);
            changes::recall(self);
        }
        changed || slow || second != self.time.now().0 / 1000
    }

    /// Whether time passes more slowly than was asked for, because so much happens, or is being opened.
    pub fn is_behind(&self) -> bool {
        self.behind > 0 || self.travel.opens()
    }

    /// How much has happened on what is shown.
    fn happened(&self) -> (u32, u64, usize, u64) {
        let branch = self.time.branch();
        let (here, beside) = (branch.moment(), self.time.beside().map_or(0, |beside| beside.moment().step));
        (branch.number, here.step, here.acted, beside)
    }

    pub(super) fn judge(&mut self) {
        let (world, files, name) = (&self.lab().world, self.folder.all(), self.folder.name());
        let verdict = manifest::judge(world, &files, &name, &self.namespace, self.desk.diff);
        self.verdict = Rc::new(verdict);
        self.judged = standing(&self.lab().world);
    }

    pub(super) fn redraw(&mut self) {
        self.slow += 1;
        self.draw();
        travel::redraw(self);
    }

    /// Only what is on the stage.
    fn draw(&mut self) {
        let scene = self.picture();
        if scene != *self.scene {
            self.scene = Rc::new(scene);
            self.take_hint();
        }
        guide::look(self);
        if self.judged != standing(&self.lab().world) {
            self.judge();
        }
    }

    /// What the seat that is looked at in passing waits for just now.
    fn take_hint(&mut self) {
        let Some((subject, _)) = &self.hint else { return };
        let tree = super::why::Answer::tree_of(self.lab(), subject);
        let text = tree.first_blocker().map(|first| first.sentence_beside(subject)).unwrap_or_default();
        self.hint = Some((subject.clone(), text.into()));
    }

    fn picture(&self) -> Scene {
        picture(&self.scene, self.lab(), self.plan.as_ref(), &self.namespace)
    }

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
        travel::act(self, act);
        self.judge();
        self.redraw();
    }

    fn press(&mut self, line: String) {
        self.act(Act::Line { terminal: 0, foreground: false, line });
    }

    /// Takes in what now stands in the editor.
    pub(super) fn look_again(&mut self) {
        if let Some(plan) = manifest::plan(&self.folder.text()) {
            self.plan = Some(plan);
        }
        self.judge();
        self.redraw();
    }
}

/// What of the cluster counts for what Apply would do: the sets with their generations and revisions, and how many
/// there are of the kinds that manifests have beside them.
pub(super) type Standing = (Vec<(Text, i64, Text)>, [usize; 4]);

fn standing(world: &World) -> Standing {
    let sets = world.store().list(Kind::StatefulSet, "").map(|set| {
        let revision = set.as_stateful_set().map(|view| view.update_revision.clone()).unwrap_or_default();
        (set.meta.uid.clone(), set.meta.generation, revision)
    });
    let kinds = [Kind::Namespace, Kind::Service, Kind::ConfigMap, Kind::PodDisruptionBudget];
    (sets.collect(), kinds.map(|kind| world.store().list(kind, "").count()))
}

/// The picture of a laboratory; what is as it was is shared with the picture before.
pub(super) fn picture(before: &Scene, lab: &Lab, plan: Option<&Plan>, namespace: &Text) -> Scene {
    let waits: Vec<_> = lab.world.waits().collect();
    Scene::of(before, lab.world.store(), &waits, &|pod| lab.world.countdown(pod), &lab.memory, plan, namespace)
}

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
            state.time.jump(|lab| picture(&scene, lab, plan.as_ref(), &namespace) != *scene);
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
        Action::Dock(action) => dock::update(state, action),
        Action::Namespace(name) => {
            state.namespace = Text::from(name.trim().to_owned());
            state.judge();
            state.redraw();
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
            if let Some(deletion) = state.chosen_deletion() {
                state.press(deletion.line);
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
        Action::Resume(text) => travel::resume(state, &text),
        Action::Travel(action) => travel::update(state, action),
        Action::Guide(action) => guide::update(state, action),
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
    let options = Options { world, lesson: String::new(), ..state.options.clone() };
    if let Some(fresh) = State::new(options) {
        let folder = std::mem::take(&mut state.folder);
        *state = State { folder, panel: state.panel, ..fresh };
        state.look_again();
        state.travel.lived += 1;
    }
}

#[cfg(test)]
#[path = "update_tests.rs"]
mod tests;
