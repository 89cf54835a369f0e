//! The state of the page, and what is read off it.

use std::rc::Rc;

use super::changes::Yore;
use super::commands;
use super::desk::Desk;
use super::dock::Dock;
use super::folder::Folder;
use super::frame::{Standing, standing};
use super::guide::Guide;
use super::inspect::{Sight, Subject};
use super::lab::Lab;
use super::manifest::{self, FIRST, Verdict};
use super::options::Options;
use super::palette::Palette;
use super::pane::Welcome;
use super::scene::{Plan, Scene, SetScene};
use super::steps::STEPS;
use super::transport::Transport;
use super::travel::Travel;
use super::why::Answer;
use crate::api::Kind;
use crate::history::History;
use crate::value::Text;

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
    /// How the file is received that a command opens in the editor next.
    pub welcome: Welcome,
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

impl State {
    /// The page as it opens. `None` only when the program's own profile cannot be read.
    pub fn new(options: Options) -> Option<Self> {
        Some(Self::with(Lab::of(&options.world)?, options))
    }

    /// The page with this laboratory, in which nothing has happened yet.
    pub fn with(lab: Lab, options: Options) -> Self {
        let mut state = Self {
            time: History::new(lab),
            travel: Travel::default(),
            dock: Dock::default(),
            scene: Rc::default(),
            transport: Transport::default(),
            plan: manifest::plan(FIRST),
            verdict: Rc::new(Verdict::of_the_first()),
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
            welcome: Welcome::Tab,
            desk: Desk::default(),
            options,
        };
        if let Some(speed) = state.options.speed {
            state.transport.speed = speed.clamp(1, 1000);
        }
        state.patch = state.first_patch();
        state.judged = standing(&state.lab().world);
        state.redraw();
        state
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

    pub(super) fn first_patch(&self) -> Text {
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
        let file = self.folder.own().map(|file| file.name.clone()).unwrap_or_default();
        commands::apply(&file, &self.namespace, self.namespace_exists())
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

    /// What Delete would delete: of all that can be deleted, what was chosen, or the first.
    pub fn chosen_deletion<'a>(&self, all: &'a [commands::Deletion]) -> Option<&'a commands::Deletion> {
        all.iter().find(|deletion| deletion.label == self.deletion).or(all.first())
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

    /// Whether the stage offers to begin with the set of the manifest, which is not there yet.
    fn can_begin(&self) -> bool {
        !self.options.readonly && self.scene.sets.iter().any(|set| set.standing == super::scene::Standing::Planned)
    }

    /// The last sentence of the story; before there is one, what begins it.
    pub fn narration(&self) -> Rc<str> {
        match self.lab().story.iter().rev().find(|told| told.aloud) {
            Some(told) if told.about.is_empty() => format!("{} {}", told.by, told.text).into(),
            Some(told) => format!("{} ({}): {}", told.by, told.about, told.text).into(),
            None if self.can_begin() => {
                "Press Play: it applies the manifest. Until then no controller has anything to do, and time waits for you."
                    .into()
            }
            None => "No controller has had anything to do yet.".into(),
        }
    }
}
