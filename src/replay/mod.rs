//! Recordings performed again: the steps of a scenario, carried out in simulated time
//! (`conformance/README.md` is the form of both).

mod identities;
mod record;
mod run;
mod scenario;
mod volume_names;
mod waits;
mod workload;

pub use record::Recorded;
pub use run::{Replay, SEED};
pub use scenario::{Scenario, ScenarioStep, StepKind};
pub use workload::{Measured, Workload};
