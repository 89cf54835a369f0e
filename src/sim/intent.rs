//! What a person does to a world: the entries of its journal.

use super::Fault;
use crate::kubectl::{Invocation, ProcessId};
use crate::value::Text;

/// One act of a person. A world is a function of its profile, its seed and the intents with their moments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Starts a kubectl command.
    Run(Invocation),
    /// Ends a running command as Ctrl-C does.
    Interrupt(ProcessId),
    /// Closes the editor of a running command; with what was saved there, unless the file is as it was.
    CloseEditor(ProcessId, Option<Text>),
    /// Breaks or mends something that kubectl cannot.
    Fault(Fault),
}
