//! What a person does to a world: the entries of its journal.

use crate::kubectl::{Invocation, ProcessId};
use crate::value::Text;

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

/// Something that breaks, or is mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The kubelet of this node falls silent; its containers freeze in the state they are in.
    NodeStops(Text),
    /// The kubelet of this node goes on where it stopped.
    NodeStarts(Text),
    /// No volume is provisioned any more.
    ProvisionerStops,
    /// Volumes are provisioned again.
    ProvisionerStarts,
}
