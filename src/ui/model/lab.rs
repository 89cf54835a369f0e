//! The laboratory: a world, what the picture remembers of it, its terminals and its story. A clone is a checkpoint.

use std::rc::Rc;

use super::annals::Annals;
use super::memory::Memory;
use super::terminal::{TERMINALS, Terminal, Tone};
use crate::apiserver::Gates;
use crate::controller::Decision;
use crate::explain::{Chronicle, Sentence, narrate};
use crate::history::{Act, Entry, Files, Laboratory};
use crate::kubectl::{Invocation, OpenFile, ProcessId, split_words};
use crate::profile::Profile;
use crate::promises::Promises;
use crate::random::Seed;
use crate::sim::{Fault, Intent, Setup, Step, World};
use crate::time::Time;
use crate::value::Text;

/// At most so many lines of the story are kept.
const STORY: usize = 500;

/// What a clone costs that shares all it can, bytes, roughly: tables of what the controllers know.
const WEIGHT: usize = 160 << 10;

/// One thing that was decided or done, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Numbers the story from 1.
    pub number: u64,
    /// When.
    pub at: Time,
    /// Who decided: `statefulset-controller`, or `you`.
    pub by: &'static str,
    /// Whom it is about, where the sentence does not say it.
    pub about: Text,
    /// Whether it is told aloud: furniture of a namespace and the lists behind a Service are only written down.
    pub aloud: bool,
    /// The rest of the sentence, with its full stop.
    pub text: Rc<str>,
}

/// The laboratory.
#[derive(Clone, Debug)]
pub struct Lab {
    /// The cluster.
    pub world: World,
    /// What the picture remembers.
    pub memory: Memory,
    /// What was decided, and which step led to which.
    pub chronicle: Chronicle,
    /// What StatefulSets promise, and where it did not hold.
    pub promises: Promises,
    /// The terminals.
    pub terminals: Vec<Terminal>,
    /// What was decided, oldest first.
    pub story: Rc<Vec<Told>>,
    told: u64,
}

/// StorageClasses that lie in the working directory, ready to be applied: file, name, manifest.
pub const CLASSES: [(&str, &str, &str); 2] = [
    (
        "late.yaml",
        "late",
        "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  name: late\nprovisioner: csi.playground.example\n\
         reclaimPolicy: Retain\nvolumeBindingMode: WaitForFirstConsumer\nallowVolumeExpansion: true\n",
    ),
    (
        "zonal.yaml",
        "zonal",
        "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  name: zonal\nprovisioner: csi.playground.example\n\
         volumeBindingMode: Immediate\nallowedTopologies:\n- matchLabelExpressions:\n  - key: \
         topology.kubernetes.io/zone\n    values: [zone-a]\n",
    ),
];

/// The files of a command: the user's, the classes that lie beside them, and what earlier commands have left behind.
fn beside(files: &Files, world: &World) -> Files {
    let mut all = (**files).clone();
    for (path, text) in world.processes().filter_map(|(_, process)| process.left_file()) {
        all.insert(path.clone(), text.clone());
    }
    for (file, _, manifest) in CLASSES {
        if !all.contains_key(file) {
            all.insert(file.into(), manifest.into());
        }
    }
    Rc::new(all)
}

impl Laboratory for Lab {
    type Record = Annals;

    fn now(&self) -> Time {
        self.world.now()
    }

    fn next_at(&self) -> Option<Time> {
        self.world.next_at()
    }

    fn pass_to(&mut self, at: Time) {
        self.world.pass_to(at);
    }

    fn step(&mut self) -> Option<Step> {
        self.take()
    }

    fn perform(&mut self, entry: &Entry) {
        match &entry.act {
            Act::Line { terminal, foreground, line } => {
                if *foreground {
                    self.close_editor(*terminal);
                }
                self.run(*terminal, line, &entry.files, *foreground);
            }
            Act::Interrupt(terminal) => self.interrupt(*terminal),
            Act::CloseEditor(id, saved) => drop(self.world.submit(Intent::CloseEditor(*id, saved.clone()))),
            Act::Fault(fault) => self.fault(fault.clone(), &fault.told()),
        }
    }

    fn weight(&self) -> usize {
        WEIGHT
    }
}

impl Lab {
    /// A cluster in which nothing has happened yet.
    pub fn new() -> Option<Self> {
        Self::of("life")
    }

    /// The same in a world by its name; in a learner's where that is empty or unknown.
    pub fn of(world: &str) -> Option<Self> {
        let profile = Profile::named(world).or_else(|| Profile::named("life"))?;
        let world = World::new(&Setup { profile, gates: Gates::default(), seed: Seed(1) });
        Some(Self {
            world,
            memory: Memory::default(),
            chronicle: Chronicle::default(),
            promises: Promises::default(),
            terminals: vec![Terminal::default(); 2],
            story: Rc::default(),
            told: 0,
        })
    }

    /// Takes the next occurrence in.
    fn take(&mut self) -> Option<Step> {
        let step = self.world.step()?;
        for change in &step.changes {
            self.memory.observe(change);
        }
        self.chronicle.observe(&step);
        self.promises.observe(&self.world, &step);
        for decision in &step.decisions {
            self.tell_decision(step.at, decision);
        }
        if let Some(id) = step.process {
            self.follow(id);
        }
        Some(step)
    }

    /// Runs a typed line in a terminal: `kubectl …`, or one of the few words a shell has here.
    /// `foreground` takes the prompt away until the command has ended.
    pub fn run(&mut self, terminal: usize, line: &str, files: &Files, foreground: bool) {
        let files = &beside(files, &self.world);
        if terminal < TERMINALS && self.terminals.len() <= terminal {
            self.terminals.resize(terminal + 1, Terminal::default());
        }
        let Some(screen) = self.terminals.get_mut(terminal) else { return };
        let now = self.world.now();
        let mut write = |tone: Tone, text: &str| screen.write(now, tone, text);
        write(Tone::In, &format!("$ {line}"));
        let background = line.trim_end().ends_with('&');
        let line = line.trim_end().trim_end_matches('&');
        let mut words = line.split_whitespace();
        match words.next() {
            None => {}
            Some("kubectl" | "k") => match split_words(line) {
                Ok(argv) => {
                    let invocation = Invocation { argv, files: files.clone(), editor: true, ..Invocation::default() };
                    self.start(terminal, invocation, foreground && !background);
                }
                Err(complaint) => write(Tone::Err, &complaint),
            },
            Some("clear") => screen.clear(),
            Some("ls") => files.keys().filter(|name| !name.contains('/')).for_each(|name| write(Tone::Out, name)),
            Some("cat") => {
                for name in words {
                    match files.get(name) {
                        Some(text) => text.lines().for_each(|row| write(Tone::Out, row)),
                        None => write(Tone::Err, &format!("cat: {name}: No such file or directory")),
                    }
                }
            }
            Some("help") => write(
                Tone::Note,
                "This terminal knows kubectl (or k), ls, cat and clear. Try: kubectl get sts,po,pvc,svc -n lab-18",
            ),
            Some(other) => write(
                Tone::Err,
                &format!("{other}: command not found (this terminal knows kubectl, ls, cat and clear)"),
            ),
        }
    }

    fn start(&mut self, terminal: usize, invocation: Invocation, foreground: bool) {
        let Some(id) = self.world.submit(Intent::Run(invocation)) else { return };
        if let Some(screen) = self.terminals.get_mut(terminal) {
            screen.attach(id, foreground);
        }
    }

    /// Closes the editor that has a terminal, for the line that follows: nobody types where one is open, but journals
    /// from before there were editors do.
    fn close_editor(&mut self, terminal: usize) {
        let Some(id) = self.terminals.get(terminal).and_then(|screen| screen.foreground) else { return };
        if self.editing(id).is_some() {
            self.world.submit(Intent::CloseEditor(id, None));
        }
    }

    /// The file of a command that waits in its editor.
    pub fn editing(&self, id: ProcessId) -> Option<&Rc<OpenFile>> {
        self.world.process(id)?.editing()
    }

    /// The commands that wait for an editor, oldest first.
    pub fn editors(&self) -> impl Iterator<Item = (ProcessId, &Rc<OpenFile>)> {
        self.world.processes().filter_map(|(id, process)| Some((id, process.editing()?)))
    }

    /// Ctrl-C in a terminal. Where an editor is open, it closes that.
    pub fn interrupt(&mut self, terminal: usize) {
        let Some(screen) = self.terminals.get_mut(terminal) else { return };
        let Some(id) = screen.foreground else { return };
        screen.write(self.world.now(), Tone::In, "^C");
        if self.world.process(id).is_some_and(|process| process.editing().is_some()) {
            self.world.submit(Intent::CloseEditor(id, None));
            return;
        }
        screen.foreground = None;
        self.world.submit(Intent::Interrupt(id));
        self.follow(id);
    }

    /// Breaks or mends something.
    pub fn fault(&mut self, fault: Fault, sentence: &str) {
        self.world.submit(Intent::Fault(fault));
        self.tell(self.world.now(), "you", Text::default(), true, sentence);
    }

    fn follow(&mut self, id: ProcessId) {
        let Some(process) = self.world.process(id) else { return };
        for terminal in self.terminals.iter_mut().filter(|t| t.shows(id)) {
            terminal.follow(id, &process.output, process.exit.is_some());
        }
    }

    fn tell_decision(&mut self, at: Time, decision: &Decision) {
        let Sentence { by, about, aloud, text } = narrate(decision);
        self.tell(at, by, about, aloud, &text);
    }

    /// Adds a sentence to the story, unless it was the last one already.
    fn tell(&mut self, at: Time, by: &'static str, about: Text, aloud: bool, text: &str) {
        let again = |told: &&Told| told.by == by && told.about == about;
        if self.story.iter().rev().find(again).is_some_and(|told| &*told.text == text) {
            return;
        }
        self.told += 1;
        let story = Rc::make_mut(&mut self.story);
        story.push(Told { number: self.told, at, by, about, aloud, text: text.into() });
        if story.len() > STORY {
            story.drain(..STORY / 10);
        }
    }
}
