//! A running command.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::apiserver::{Client, WatchEvent};
use crate::profile::CommandClock;
use crate::time::Time;
use crate::value::Text;

/// Names a process within its world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessId(pub u32);

/// What is needed to start a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invocation {
    /// The words after `kubectl`.
    pub argv: Vec<Text>,
    /// What `-f -` reads.
    pub stdin: Option<Text>,
    /// The files of the working directory, by their relative path.
    pub files: Rc<BTreeMap<Text, Text>>,
    /// The namespace used without `-n`; `default` when empty.
    pub namespace: Text,
}

/// Where a line of output goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Stream {
    Out,
    Err,
}

/// One piece of output. Its text may hold line ends; together the pieces of a stream are what was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Line {
    pub at: Time,
    pub stream: Stream,
    pub text: Text,
}

/// What a process may touch when it is woken.
#[derive(Debug)]
pub struct Session<'a> {
    /// Requests to the API server.
    pub client: Client<'a>,
    /// Now.
    pub now: Time,
    /// How commands take their time.
    pub clock: &'a CommandClock,
    /// The changes committed since the process was last woken because of changes, oldest first.
    pub events: &'a [Rc<WatchEvent>],
}

/// When a process wants to be woken next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// At this moment.
    At(Time),
    /// After the next change of any object, or at this moment if one is given.
    OnChange(Option<Time>),
    /// Never: it has ended, with this exit code.
    Exited(i32),
}

/// A command that runs or has run.
#[derive(Clone, Debug)]
pub struct Process {
    /// What was typed.
    pub invocation: Rc<Invocation>,
    /// When it was started.
    pub started: Time,
    /// What it has printed so far.
    pub output: Rc<Vec<Line>>,
    /// Its exit code, once it has ended.
    pub exit: Option<i32>,
}

impl Process {
    /// A command about to run: wake it at once.
    pub fn start(invocation: Invocation, now: Time) -> Self {
        Self {
            invocation: Rc::new(invocation),
            started: now,
            output: Rc::default(),
            exit: None,
        }
    }

    /// Lets the command go on.
    pub fn wake(&mut self, session: &mut Session<'_>) -> Wake {
        let _ = session;
        self.exit = Some(0);
        Wake::Exited(0)
    }

    /// Ends the command as Ctrl-C does.
    pub fn interrupt(&mut self) {
        self.exit.get_or_insert(130);
    }
}
