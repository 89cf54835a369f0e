//! Commands against an API server, with a clock that takes no time; the expected texts are those of the recordings.

use std::rc::Rc;

mod edits;
mod hostile;
mod inside;
mod manners;
mod mistakes;
mod nodes;
mod objects;
mod rollouts;
mod typed;

use super::{Invocation, Process, Session, Stream, Wake, split_words};
use crate::api::Kind;
use crate::apiserver::{ApiServer, Client, Gates, WatchEvent};
use crate::map;
use crate::profile::CommandClock;
use crate::random::Seed;
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::Text;

/// A terminal on a fresh cluster.
pub struct Terminal {
    pub server: ApiServer,
    pub now: Time,
    files: SortedMap<Text, Text>,
}

const CLOCK: CommandClock = CommandClock { request_ms: 0, foreground_ms: 0, background_ms: 0, poll_ms: 80 };

/// A StatefulSet with a headless Service, as most of the recordings begin.
pub const WEB: &str = "\
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  clusterIP: None
  selector: {app: web}
  ports: [{port: 80, name: http}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: app, image: 'nginx:1.27'}
";

impl Terminal {
    pub fn new() -> Self {
        let mut server = ApiServer::new(Seed(7), Gates::default());
        for name in ["default", "lab"] {
            let tree = map! { "apiVersion" => "v1", "kind" => "Namespace", "metadata" => map! { "name" => name } };
            Client::new(&mut server, Time(0)).create(Kind::Namespace, &Text::default(), tree).unwrap();
        }
        server.take_announced();
        let mut terminal = Self { server, now: Time(0), files: SortedMap::new() };
        terminal.file("w.yaml", WEB);
        terminal
    }

    pub fn file(&mut self, name: &'static str, text: &str) {
        self.files.insert(name.into(), Text::copy(text));
    }

    pub fn start(&self, line: &str) -> Process {
        let invocation = Invocation {
            argv: split_words(line).unwrap(),
            files: Rc::new(self.files.clone()),
            namespace: "lab".into(),
            ..Invocation::default()
        };
        Process::start(invocation, self.now)
    }

    pub fn wake(&mut self, process: &mut Process, events: &[Rc<WatchEvent>]) -> Wake {
        let client = Client::new(&mut self.server, self.now);
        process.wake(&mut Session { client, now: self.now, clock: &CLOCK, events })
    }

    /// Runs a command that ends by itself: exit code, standard output, standard error.
    pub fn run(&mut self, line: &str) -> (i32, String, String) {
        let mut process = self.start(line);
        match self.wake(&mut process, &[]) {
            Wake::Exited(code) => (code, printed(&process, Stream::Out), printed(&process, Stream::Err)),
            waiting => panic!("`{line}` waits: {waiting:?}\n{}", printed(&process, Stream::Out)),
        }
    }

    #[track_caller]
    pub fn says(&mut self, line: &str, expected: &str) {
        assert_eq!(self.run(line), (0, expected.to_owned(), String::new()), "$ kubectl {line}");
    }

    #[track_caller]
    pub fn refuses(&mut self, line: &str, expected: &str) {
        assert_eq!(self.run(line), (1, String::new(), expected.to_owned()), "$ kubectl {line}");
    }
}

pub fn printed(process: &Process, stream: Stream) -> String {
    process.output.iter().filter(|line| line.stream == stream).map(|line| line.text.as_str()).collect()
}
