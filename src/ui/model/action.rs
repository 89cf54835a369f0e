//! Everything that can be done to the page.

use super::desk::DeskAction;
use super::dock::DockAction;
use super::folder::FileAction;
use super::guide::GuideAction;
use super::inspect::{Sight, Subject};
use super::palette::PaletteAction;
use super::pane::PaneAction;
use super::state::Panel;
use super::travel::TravelAction;
use crate::sim::Fault;
use crate::time::Time;

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
    /// What the stage offers first: applies the manifest and lets time pass.
    Begin,
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
    /// Saves or cancels what a command has opened in the editor.
    Pane(PaneAction),
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
    /// Asks for a lesson by its name.
    Lesson(String),
    /// Begins a lesson: its name, empty for somebody's own, and its text.
    Tell(String, String),
    Palette(PaletteAction),
    /// Something is typed into the palette.
    PaletteText(String),
    /// The page is being printed, or is not any more.
    Paper(bool),
    /// Begins anew in a world, by its name.
    World(String),
}
