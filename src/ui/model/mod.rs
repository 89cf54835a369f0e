//! The page without a browser: its state, what can be done to it, and the picture to be drawn of it.

mod commands;
mod complete;
mod gallery;
mod highlight;
mod inspect;
mod journal;
mod lab;
mod look;
mod manifest;
mod memory;
mod outlook;
mod remote;
mod scene;
mod steps;
mod terminal;
mod timeline;
mod transport;
mod update;

pub use commands::{Choice, Deletion, apply, deletions, patch, patches, scale};
pub use gallery::{EXAMPLES, Example};
pub use highlight::{Ink, pieces};
pub use inspect::{EventLine, Fact, Subject, events, facts};
pub use lab::{Lab, Told};
pub use look::Look;
pub use manifest::{FILE, FIRST, Problem, Verdict};
pub use memory::{Memory, SeatMemory, SetKey, SetMemory};
pub use remote::{asked, report};
pub use scene::{ClaimFace, Dns, NodeFace, Plan, PodFace, Says, Scene, Seat, SetScene, Standing};
pub use steps::{LabStep, STEPS};
pub use terminal::{Prompt, Row, Terminal, Tone};
pub use timeline::Timeline;
pub use transport::{SPEEDS, Transport, clock};
pub use update::{Action, Options, Panel, State, update};
