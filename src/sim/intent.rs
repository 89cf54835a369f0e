//! What a person does to a world: the entries of its journal.

use super::Fault;
use crate::kubectl::{Invocation, ProcessId};

/// One act of a person. A world is a function of its profile, its seed and the intents with their moments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Starts a kubectl command.
    Run(Invocation),
    /// Ends a running command as Ctrl-C does.
    Interrupt(ProcessId),
    /// Breaks or mends something that kubectl cannot.
    Fault(Fault),
}
