//! A running command.

use std::rc::Rc;

use super::command_line::Command;
use super::errors::Failure;
use super::kubeconfig::Kubeconfig;
use super::run::{Console, Next, Outcome, Run};
use super::verbs::{self, Step};
use crate::apiserver::{Client, WatchEvent};
use crate::profile::CommandClock;
use crate::sorted::SortedMap;
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
    pub files: Rc<SortedMap<Text, Text>>,
    /// The namespace used without `-n`; that of the context when empty.
    pub namespace: Text,
    /// The configuration that the command finds.
    pub config: Rc<Kubeconfig>,
    /// Whether somebody edits: `kubectl edit` waits then; else its editor saves nothing.
    pub editor: bool,
}

/// A temporary file that waits in an editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenFile {
    /// What is edited: `statefulset/web`, or `3 objects`.
    pub title: Text,
    /// The file: `/tmp/kubectl-edit-1234.yaml`.
    pub path: Text,
    /// What is in it.
    pub text: Text,
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
    /// When its editor is closed.
    Editor,
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
    stage: Stage,
    console: Console,
}

/// How far a command has come.
#[derive(Clone, Debug)]
enum Stage {
    /// It was started; its first request is not sent yet.
    Started,
    /// It has to take this step.
    Working(Rc<Command>, Step),
    /// It has ended.
    Ended,
}

/// After the first request the others of a command follow in a fifth of that time: connecting is what takes long
/// (the recordings show 5 to 60 ms from one object of a file to the next, 12 in the middle).
const LATER_REQUESTS: i64 = 5;

/// More steps than any command takes in one moment; a bound, so that a mistake cannot hang the page.
const STEPS_PER_WAKE: usize = 100_000;

impl Process {
    /// A command about to run: wake it at once.
    pub fn start(invocation: Invocation, now: Time) -> Self {
        Self {
            invocation: Rc::new(invocation),
            started: now,
            output: Rc::default(),
            exit: None,
            stage: Stage::Started,
            console: Console::default(),
        }
    }

    /// The configuration that this command left for those after it: `config set-context --current --namespace=x`.
    pub fn written_config(&self) -> Option<&Rc<Kubeconfig>> {
        self.console.config.as_ref()
    }

    /// The file that waits in its editor.
    pub fn editing(&self) -> Option<&Rc<OpenFile>> {
        self.console.editor.as_ref().filter(|_| self.exit.is_none())
    }

    /// What was changed in its editor, as the words of commands that do the same; `None` where it never had one.
    pub fn edited(&self) -> Option<&[Vec<String>]> {
        self.console.editor.as_ref().map(|_| self.console.sent.as_slice())
    }

    /// Its editor is closed: what was saved, or nothing where the file is as it was. It goes on when it is woken.
    pub fn close_editor(&mut self, saved: Option<Text>) {
        self.console.saved = saved;
    }

    /// The file that this command left for those after it: its path, and what is in it.
    pub fn left_file(&self) -> Option<&(Text, Text)> {
        self.console.left.as_ref()
    }

    /// Lets the command go on.
    pub fn wake(&mut self, session: &mut Session<'_>) -> Wake {
        if let Some(code) = self.exit {
            return Wake::Exited(code);
        }
        let first = self.started.plus(session.clock.request_ms);
        if matches!(self.stage, Stage::Started) && session.now < first {
            return Wake::At(first);
        }
        let pause = session.clock.request_ms / LATER_REQUESTS;
        for _ in 0..STEPS_PER_WAKE {
            let (command, outcome) = self.step(session);
            let wake = match (outcome, command) {
                (Ok(Next::Go(step)), Some(command)) => {
                    self.stage = Stage::Working(command, step);
                    if pause == 0 {
                        continue;
                    }
                    Wake::At(session.now.plus(pause))
                }
                (Ok(Next::At(step, time)), Some(command)) => {
                    self.stage = Stage::Working(command, step);
                    Wake::At(time)
                }
                (Ok(Next::OnChange(step, time)), Some(command)) => {
                    self.stage = Stage::Working(command, step);
                    Wake::OnChange(time)
                }
                (Ok(Next::Editor(step)), Some(command)) => {
                    self.stage = Stage::Working(command, step);
                    Wake::Editor
                }
                (Err(failure), _) => {
                    self.console.failures.push(failure);
                    self.end(session.now)
                }
                _ => self.end(session.now),
            };
            self.output = self.console.lines.clone();
            return wake;
        }
        self.end(session.now)
    }

    /// Takes one step; answers the command and what comes next.
    fn step(&mut self, session: &mut Session<'_>) -> (Option<Rc<Command>>, Outcome) {
        match std::mem::replace(&mut self.stage, Stage::Ended) {
            Stage::Started => match Command::parse(&self.invocation).map(Rc::new) {
                Ok(command) => {
                    let mut run = Run { command: &command, session, console: &mut self.console };
                    let outcome = verbs::start(&mut run);
                    (Some(command), outcome)
                }
                Err(failure) => (None, Err(failure)),
            },
            Stage::Working(command, step) => {
                let mut run = Run { command: &command, session, console: &mut self.console };
                let outcome = verbs::advance(step, &mut run);
                (Some(command), outcome)
            }
            Stage::Ended => (None, Ok(Next::End)),
        }
    }

    /// Tells the failures and ends the command.
    fn end(&mut self, now: Time) -> Wake {
        let failures = std::mem::take(&mut self.console.failures);
        self.console.print(now, Stream::Err, &Failure::render_all(&failures));
        let failed = i32::from(!failures.is_empty());
        let code = if self.console.code == 0 { failed } else { self.console.code };
        self.stage = Stage::Ended;
        self.output = self.console.lines.clone();
        self.exit = Some(code);
        Wake::Exited(code)
    }

    /// Ends the command as Ctrl-C does.
    pub fn interrupt(&mut self) {
        self.exit.get_or_insert(130);
        self.stage = Stage::Ended;
    }
}
