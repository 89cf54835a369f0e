//! What must hold of every history, over seeded random journals and random ways through them.
//!
//! The laboratory here is a bare world with a digest of everything that ever happened in it.

use std::rc::Rc;

use super::*;
use crate::apiserver::Gates;
use crate::kubectl::{Invocation, split_words};
use crate::profile::Profile;
use crate::random::Seed;
use crate::sim::{Digest, Intent, Setup, Step, World};
use crate::trial::Trial;
use crate::value::json;

#[derive(Clone, Debug)]
struct Bare {
    world: World,
    trace: Digest,
}

/// Counts what was seen, to hold it against what was written down.
#[derive(Clone, Debug, Default, PartialEq)]
struct Seen(Vec<(Moment, String)>);

impl Record<Bare> for Seen {
    fn observe(&mut self, after: Moment, step: &Step, _: &Bare) {
        self.0.push((after, step.actor.to_owned()));
    }

    fn acted(&mut self, after: Moment, entry: &Entry, _: &Bare) {
        self.0.push((after, entry.head()));
    }

    fn cut(&mut self, at: Moment) {
        self.0.retain(|(after, _)| *after <= at);
    }
}

impl Laboratory for Bare {
    type Record = Seen;

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
        let step = self.world.step()?;
        self.trace.step(&step);
        Some(step)
    }

    fn perform(&mut self, entry: &Entry) {
        match &entry.act {
            Act::Line { line, .. } => {
                let argv = split_words(line).unwrap();
                self.world.submit(Intent::Run(Invocation {
                    argv,
                    files: entry.files.clone(),
                    ..Invocation::default()
                }));
            }
            Act::Interrupt(_) | Act::CloseEditor(..) => {}
            Act::Fault(fault) => {
                self.world.submit(Intent::Fault(fault.clone()));
            }
        }
    }

    fn weight(&self) -> usize {
        20_000
    }
}

fn bare() -> Bare {
    let setup = Setup { profile: Profile::named("life").unwrap(), gates: Gates::default(), seed: Seed(7) };
    Bare { world: World::new(&setup), trace: Digest::default() }
}

/// A trial's journal as acts with the pauses before them, ms.
fn acts(seed: u64) -> Vec<(i64, Act, Files)> {
    let mut files = Files::default();
    let trial = Trial { seed: Seed(seed) };
    trial
        .journal()
        .into_iter()
        .filter_map(|(pause, intent)| match intent {
            Intent::Run(invocation) => {
                if let Some(text) = invocation.files.values().next() {
                    files = Rc::new([("set.json".into(), text.clone())].into_iter().collect());
                }
                let quoted = invocation.argv.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
                let act = Act::Line { terminal: 0, foreground: false, line: format!("kubectl {quoted}") };
                Some((pause, act, files.clone()))
            }
            Intent::Fault(fault) => Some((pause, Act::Fault(fault), files.clone())),
            Intent::Interrupt(_) | Intent::CloseEditor(..) => None,
        })
        .collect()
}

fn pass(history: &mut History<Bare>, ms: i64) {
    let to = history.branch().now().plus(ms);
    history.play_to(to, usize::MAX);
}

fn live(seed: u64) -> History<Bare> {
    let mut history = History::new(bare());
    for (pause, act, files) in acts(seed) {
        pass(&mut history, pause);
        history.act(act, &files).unwrap();
    }
    pass(&mut history, 10 * 60_000);
    history
}

/// Everything about a place that anyone could see.
fn seen(branch: &Branch<Bare>) -> (Moment, String, Vec<String>) {
    let lab = branch.lab();
    let objects = crate::api::Kind::ALL
        .iter()
        .flat_map(|kind| lab.world.store().list(*kind, ""))
        .map(|object| json::to_compact(&object.tree))
        .collect();
    (branch.moment(), lab.trace.text(), objects)
}

const SEEDS: std::ops::Range<u64> = 0..6;

#[test]
fn replaying_the_journal_is_the_same_as_living_it() {
    for seed in SEEDS {
        let lived = live(seed);
        let entries = lived.branch().entries().to_vec();
        let mut again = Branch::of_entries(1, "again".into(), bare(), entries.clone());
        assert!(again.play_to(lived.branch().now(), usize::MAX));
        assert_eq!(seen(&again), seen(lived.branch()), "seed {seed}");
        assert_eq!(again.record(), lived.branch().record(), "seed {seed}: written down once, and the same");
        assert_eq!(again.entries(), entries, "seed {seed}");
    }
}

#[test]
fn where_one_was_before_cannot_be_seen() {
    for seed in SEEDS {
        let mut history = live(seed);
        let end = history.branch().end();
        let at = |purpose: &str| Time(Seed(seed).between("seek", purpose, 0, end.0));
        for nth in 0..12 {
            let (a, b) = (at(&format!("{nth} a")), at(&format!("{nth} b")));
            history.seek(b);
            let direct = seen(history.branch());
            history.seek(a);
            history.seek(b);
            assert_eq!(seen(history.branch()), direct, "seed {seed}: {} by way of {}", b.0, a.0);
        }
        // And every point that was written down is reached exactly.
        let points: Vec<Moment> = history.branch().record().0.iter().map(|(at, _)| *at).collect();
        for point in points.iter().rev().step_by(97) {
            history.branch_mut().seek_to(*point);
            assert_eq!(history.branch().moment(), *point, "seed {seed}");
        }
    }
}

#[test]
fn which_checkpoints_there_are_cannot_be_seen() {
    for seed in SEEDS {
        let mut many = live(seed);
        let mut few = many.clone();
        for branch in few.branches_mut() {
            branch.lay_aside();
            branch.forget_checkpoints();
        }
        assert!(
            many.branch().kept().0 > 5 && few.branch().kept().0 <= 2,
            "{:?}",
            (many.branch().kept(), few.branch().kept())
        );
        for nth in 0..6 {
            let to = Time(Seed(seed).between("spacing", &nth.to_string(), 0, many.branch().end().0));
            many.seek(to);
            few.seek(to);
            assert_eq!(seen(many.branch()), seen(few.branch()), "seed {seed} at {}", to.0);
        }
    }
}

#[test]
fn a_fork_is_what_a_fresh_run_of_its_journal_is_and_the_old_future_stays() {
    for seed in SEEDS {
        let mut history = live(seed);
        let old = seen(history.branch());
        let end = history.branch().end();
        history.seek(Time(Seed(seed).between("fork", "at", 0, end.0)));
        for (pause, act, files) in acts(seed + 100).into_iter().skip(2).take(5) {
            pass(&mut history, pause);
            history.act(act, &files).unwrap();
        }
        pass(&mut history, 60_000);
        assert_eq!(history.branches().len(), 2);
        let fork = history.branch();
        let mut fresh = Branch::of_entries(1, "fresh".into(), bare(), fork.entries().to_vec());
        fresh.play_to(fork.now(), usize::MAX);
        assert_eq!(seen(&fresh), seen(fork), "seed {seed}");
        assert_eq!(fresh.record(), fork.record(), "seed {seed}");
        history.switch(1);
        history.seek(end);
        assert_eq!(seen(history.branch()), old, "seed {seed}: the old future");
    }
}

fn line(text: &str) -> Act {
    Act::Line { terminal: 0, foreground: false, line: text.into() }
}

fn act(history: &mut History<Bare>, text: &str) {
    history.act(line(text), &Files::default()).unwrap();
}

fn namespaces(history: &History<Bare>) -> Vec<String> {
    let store = history.branch().lab().world.store();
    store.list(crate::api::Kind::Namespace, "").map(|n| n.meta.name.to_string()).filter(|n| n.len() == 1).collect()
}

#[test]
fn undo_takes_back_one_act_after_the_other_and_keeps_the_branch_it_undid() {
    let mut history = History::new(bare());
    for name in ["a", "b", "c"] {
        act(&mut history, &format!("kubectl create ns {name}"));
        pass(&mut history, 5000);
    }
    assert_eq!(namespaces(&history), ["a", "b", "c"]);
    assert_eq!(history.undo(), Undone::Kept);
    assert_eq!((namespaces(&history), history.branch().now()), (vec!["a".into(), "b".into()], Time(10_000)));
    assert_eq!(history.undo(), Undone::Again);
    assert_eq!((namespaces(&history), history.branches().len()), (vec!["a".into()], 2));
    assert!(!history.branch().in_the_past(), "what was undone does not come again");
    history.switch(1);
    history.seek(Time(15_000));
    assert_eq!(namespaces(&history), ["a", "b", "c"]);
    history.seek(Time(0));
    history.branch_mut().seek_to(Moment::default());
    assert_eq!(history.undo(), Undone::Nothing);
}

#[test]
fn several_acts_of_one_moment_are_undone_one_by_one() {
    let mut history = History::new(bare());
    act(&mut history, "kubectl create ns a");
    act(&mut history, "kubectl create ns b");
    history.undo();
    assert_eq!(namespaces(&history), ["a"]);
    act(&mut history, "kubectl create ns d");
    assert_eq!(namespaces(&history), ["a", "d"]);
}

#[test]
fn branches_have_names_of_their_own_and_can_be_forgotten() {
    let mut history = History::new(bare());
    act(&mut history, "kubectl create ns a");
    pass(&mut history, 9000);
    history.seek(Time(3000));
    act(&mut history, "kubectl create ns b");
    history.rename(2, "  with \n b ");
    history.rename(1, "with b");
    let names: Vec<String> = history.branches().iter().map(|branch| branch.name.to_string()).collect();
    assert_eq!(names, ["with b (2)", "with b"]);
    history.rename(1, " ");
    history.rename(1, &"x".repeat(500));
    assert_eq!(history.branches()[0].name.len(), NAME);
    history.delete(2);
    assert_eq!((history.branches().len(), history.branch().number), (1, 1), "the one it left is shown");
    history.delete(1);
    assert_eq!(history.branches().len(), 1, "one always stays");
}

#[test]
fn two_branches_are_shown_on_one_clock() {
    let mut history = History::new(bare());
    act(&mut history, "kubectl create ns a");
    pass(&mut history, 9000);
    history.seek(Time(3000));
    act(&mut history, "kubectl create ns b");
    history.compare(Some(1));
    pass(&mut history, 1000);
    assert_eq!(history.beside().map(Branch::now), Some(Time(4000)));
    pass(&mut history, 60_000);
    assert_eq!(history.beside().map(Branch::now), Some(Time(64_000)), "it lives on beside the other");
    history.seek(Time(500));
    assert_eq!(history.beside().map(Branch::now), Some(Time(500)));
    history.switch(1);
    assert_eq!(history.beside().map(|branch| branch.number), Some(2), "they change places");
    history.delete(2);
    assert!(history.beside().is_none());
}

#[test]
fn there_is_an_end_to_branches_and_it_is_said() {
    let mut history = History::new(bare());
    for _ in 1..BRANCHES {
        history.fork().unwrap();
    }
    pass(&mut history, 5000);
    history.seek(Time(1000));
    let refused = history.act(line("kubectl create ns a"), &Files::default());
    assert_eq!(refused, Err(Refusal::TooManyBranches));
    assert!(Refusal::TooManyBranches.to_string().contains("Delete one"));
    history.seek(Time(5000));
    act(&mut history, "kubectl create ns a");
    assert_eq!(namespaces(&history), ["a"]);
    assert_eq!(history.undo(), Undone::Dropped, "undo goes on all the same");
}
