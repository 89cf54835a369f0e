//! Nonsense does no harm: recorded commands and manifests, spoilt at random, are typed into worlds that go on working.
//!
//! Nothing may crash; whoever fails says why; and the world comes to rest after each command instead of spinning.
//! `PLAYGROUND_HOSTILE` sets how many worlds are tried.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use playground::apiserver::Gates;
use playground::kubectl::{Invocation, Stream, split_words};
use playground::profile::Profile;
use playground::random::Seed;
use playground::sim::{Intent, Setup, World};
use playground::value::Text;

/// How many commands are typed in one world.
const COMMANDS: usize = 12;
/// How long the world is left alone after each, ms.
const PAUSE_MS: i64 = 45_000;
/// A world that takes more steps in that time is spinning.
const MOST_STEPS: usize = 20_000;

/// What is put among the words and into the manifests.
const JUNK: [&str; 26] = [
    "",
    " ",
    "-",
    "--",
    "=",
    ",",
    ":",
    "/",
    "..",
    "\u{0}",
    "\t",
    "é",
    "𝄞",
    "null",
    "true",
    "-1",
    "1e400",
    "0x1F",
    "99999999999999999999",
    "{",
    "}",
    "[",
    "*a",
    "&a x",
    "!!binary |",
    "%",
];

/// A recorded scenario: what was typed, and the files that lay there.
#[derive(Default)]
struct Scenario {
    commands: Vec<Vec<String>>,
    manifests: BTreeMap<String, String>,
}

fn scenario(folder: &Path) -> Scenario {
    let mut scenario = Scenario::default();
    for line in fs::read_to_string(folder.join("transcript.jsonl")).expect("a transcript").lines() {
        let said: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let words = said["argv"].as_array().into_iter().flatten();
        scenario.commands.push(words.filter_map(|word| word.as_str().map(str::to_owned)).collect());
    }
    for file in fs::read_dir(folder.join("manifests")).into_iter().flatten().flatten() {
        if let Ok(text) = fs::read_to_string(file.path()) {
            scenario.manifests.insert(file.file_name().to_string_lossy().into_owned(), text);
        }
    }
    scenario
}

fn scenarios() -> Vec<Scenario> {
    let entries = fs::read_dir("tests/conformance").expect("the recordings are there").flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    folders.retain(|folder| folder.join("transcript.jsonl").exists());
    folders.sort();
    folders.iter().map(|folder| scenario(folder)).collect()
}

/// Chance, by what it is asked for.
struct Dice(Seed, u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.1 += 1;
        self.0.between(&self.1.to_string(), "hostile", 0, count.max(1) as i64 - 1) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// A word, its letters disturbed somewhere.
    fn disturb(&mut self, text: &str) -> String {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let (from, to) = (*self.of(&places), *self.of(&places));
        let (from, to) = (from.min(to), from.max(to).min(from.min(to) + 8));
        let to = places.iter().copied().find(|at| *at >= to).unwrap_or(text.len());
        format!("{}{}{}", &text[..from], self.of(&JUNK), &text[to..])
    }

    /// A command, in most cases as it was typed.
    fn words(&mut self, scenario: &Scenario, nth: usize) -> Vec<String> {
        let mut words = scenario.commands.get(nth).cloned().unwrap_or_default();
        for _ in 0..self.below(6).saturating_sub(2) {
            let at = self.below(words.len() + 1);
            match self.below(5) {
                0 if at < words.len() => drop(words.remove(at)),
                1 if at < words.len() => words[at] = self.disturb(&words[at].clone()),
                2 => words.insert(at, (*self.of(&JUNK)).to_owned()),
                3 => {
                    let other = self.of(&scenario.commands);
                    let word = other.get(self.below(other.len())).cloned().unwrap_or_default();
                    words.insert(at, word);
                }
                _ if at < words.len() => words.insert(at, words[at].clone()),
                _ => {}
            }
        }
        words
    }

    fn manifest(&mut self, text: &str) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for _ in 0..self.below(4) {
            let at = self.below(lines.len());
            let Some(line) = lines.get(at).cloned() else { continue };
            match self.below(6) {
                0 => drop(lines.remove(at)),
                1 => lines[at] = format!(" {line}"),
                2 => lines[at] = line.trim_start().to_owned(),
                3 => lines.insert(at, line),
                4 => {
                    let key = line.split(':').next().unwrap_or_default();
                    lines[at] = format!("{key}: {}", self.of(&JUNK));
                }
                _ => lines[at] = self.disturb(&line),
            }
        }
        lines.join("\n")
    }
}

/// Types some commands of a scenario, some of them spoilt; answers how many succeeded.
fn tried(scenario: &Scenario, seed: u64) -> usize {
    let mut succeeded = 0;
    let setup = Setup {
        profile: Profile::named("life").expect("the life profile is built in"),
        gates: Gates::default(),
        seed: Seed(seed),
    };
    let mut dice = Dice(Seed(seed), 0);
    let mut world = World::new(&setup);
    let first = dice.below(scenario.commands.len() / 2);
    for nth in (0..3.min(first)).chain(first..first + COMMANDS) {
        let words = dice.words(scenario, nth);
        let mut files = scenario.manifests.clone();
        if dice.below(2) == 0 {
            files.iter_mut().for_each(|(_, text)| *text = dice.manifest(text));
        }
        let stdin = files.iter().next().map(|(_, text)| Text::copy(text));
        let invocation = Invocation {
            argv: words.iter().map(|word| Text::copy(word)).collect(),
            stdin,
            files: Rc::new(files.iter().map(|(name, text)| (Text::copy(name), Text::copy(text))).collect()),
            ..Invocation::default()
        };
        let about = || format!("seed {seed}: kubectl {words:?} with {files:#?}");
        let id = world.submit(Intent::Run(invocation)).expect("a command is a process");
        let (until, mut steps) = (world.now().plus(PAUSE_MS), 0);
        while world.next_at().is_some_and(|next| next <= until) {
            world.step();
            steps += 1;
            assert!(steps < MOST_STEPS, "the world spins after {}", about());
        }
        world.pass_to(until);
        let process = world.process(id).expect("it was started");
        let complaint: String =
            process.output.iter().filter(|line| line.stream == Stream::Err).map(|line| line.text.to_string()).collect();
        let silent = complaint.trim().is_empty() && process.output.is_empty();
        assert!(!(silent && process.exit.is_some_and(|code| code != 0)), "no word of why it failed: {}", about());
        succeeded += usize::from(process.exit == Some(0));
    }
    succeeded
}

#[test]
fn spoilt_commands_and_manifests_never_stop_the_engine_and_are_always_answered() {
    let count: u64 = std::env::var("PLAYGROUND_HOSTILE").ok().and_then(|text| text.parse().ok()).unwrap_or(150);
    let scenarios = scenarios();
    assert!(scenarios.len() > 40);
    let succeeded: usize = (0..count).map(|seed| tried(&scenarios[seed as usize % scenarios.len()], seed)).sum();
    // Otherwise nothing but the reading of words would have been tried.
    println!("{succeeded} commands of {count} worlds succeeded");
    assert!(succeeded as u64 > count, "{succeeded} commands of {count} worlds succeeded");
}

#[test]
fn any_line_that_can_be_typed_is_split_into_words_or_refused() {
    let scenarios = scenarios();
    for seed in 0..2_000 {
        let mut dice = Dice(Seed(seed), 0);
        let scenario = dice.of(&scenarios);
        let line = dice.of(&scenario.commands).join(" ");
        let line = dice.disturb(&line);
        let line = dice.disturb(&line);
        let _ = split_words(&line);
    }
}
