//! The explanation is never empty where desired and actual state differ, and what it names first is what holds things up.
//!
//! `PLAYGROUND_TRIALS` sets how many random journals are tried.

// A test that fails may panic.
#![allow(clippy::expect_used)]

use playground::api::{Kind, Shared};
use playground::apiserver::Gates;
use playground::controller::statefulset::COMPONENT;
use playground::explain::{Act, Chronicle, Reason, is_settled, root_of, why};
use playground::kubectl::{Invocation, split_words};
use playground::profile::Profile;
use playground::random::Seed;
use playground::sim::{Intent, Setup, Step, World};
use playground::trial::Trial;

fn setup(seed: u64) -> Setup {
    let profile = Profile::named("life").expect("the life profile is built in");
    Setup { profile, gates: Gates::default(), seed: Seed(seed) }
}

fn trials() -> u64 {
    std::env::var("PLAYGROUND_TRIALS").ok().and_then(|text| text.parse().ok()).unwrap_or(40)
}

/// A world and the record of its steps.
#[derive(Clone)]
struct Watched {
    world: World,
    chronicle: Chronicle,
}

impl Watched {
    fn set(&self) -> Option<Shared> {
        self.world.store().get(Kind::StatefulSet, "trial", "web").cloned()
    }

    fn why(&self) -> Option<Reason> {
        Some(why(&self.world, &self.chronicle, &self.set()?.key()))
    }

    /// Lets time pass; answers whether the controller did anything, or `enough` was reached.
    fn pass(&mut self, ms: i64, mut enough: impl FnMut(&Watched, &Step) -> bool) -> bool {
        let to = self.world.now().plus(ms);
        while self.world.next_at().is_some_and(|next| next <= to) {
            let Some(step) = self.world.step() else { break };
            self.chronicle.observe(&step);
            if !step.is_quiet() && enough(self, &step) {
                return true;
            }
        }
        self.world.pass_to(to);
        false
    }
}

/// How long the removal of a blocker may take to show, ms: a grace period and the slowest latency of a trial.
const PATIENCE: i64 = 100_000;

/// What a tree names first: the object, and what is said of it.
fn name_of(reason: &Reason) -> (String, String) {
    let blocker = reason.first_blocker().expect("a blocker");
    (format!("{:?}", blocker.about), blocker.text.to_string())
}

fn acted(step: &Step) -> bool {
    step.decisions.iter().any(|decision| decision.by == COMPONENT && !decision.did.is_empty())
}

/// Removes the first blocker in a copy of the world. True when that changes what is named first, or the controller acts.
fn is_true(world: &Watched, first: &Reason, tree: &Reason) -> bool {
    let mut world = world.clone();
    let named = name_of(tree);
    let now = world.world.now();
    let patience = match &first.helps.first().expect("a help").act {
        Act::Run(line) => {
            let argv = split_words(line).expect("words");
            world.world.submit(Intent::Run(Invocation { argv, ..Invocation::default() }));
            PATIENCE
        }
        Act::Fault(fault) => {
            world.world.submit(Intent::Fault(fault.clone()));
            PATIENCE
        }
        Act::Passes(Some(at)) => at.since(now).max(0) + 90_000,
        Act::Passes(None) => 7 * 60_000,
        Act::Hand => return true,
    };
    changes(world, patience, &named)
}

/// Whether what is named first changes, or the controller acts, within so many milliseconds.
fn changes(mut world: Watched, patience: i64, named: &(String, String)) -> bool {
    let changed = world.pass(patience, |world, step| {
        acted(step) || world.why().is_none_or(|tree| tree.first_blocker().is_none() || name_of(&tree) != *named)
    });
    changed || world.why().is_none_or(|tree| tree.first_blocker().is_none() || name_of(&tree) != *named)
}

#[derive(Default, Debug)]
struct Tally {
    moments: usize,
    removed: usize,
    by_hand: usize,
    passing: usize,
    /// Removed ones that would have stayed for as long without that.
    stuck: usize,
    empty: Vec<String>,
    wrong: Vec<String>,
}

fn lines(tree: &Reason) -> String {
    tree.lines()
        .iter()
        .map(|(depth, r)| {
            let helps: Vec<String> = r.helps.iter().map(|h| h.text.to_string()).collect();
            format!(
                "{}{}{} R{} {:?}\n",
                "  ".repeat(*depth),
                if r.is_note { "· " } else { "" },
                r.text,
                r.rule.0,
                helps
            )
        })
        .collect()
}

/// Looks at one random journal at a number of moments.
fn look(seed: u64, tally: &mut Tally) {
    let trial = Trial { seed: Seed(seed) };
    let mut watched = Watched { world: World::new(&setup(seed)), chronicle: Chronicle::default() };
    let mut pauses: Vec<(i64, Option<Intent>)> = trial.journal().into_iter().map(|(ms, i)| (ms, Some(i))).collect();
    pauses.extend([(1_000, None), (20_000, None), (120_000, None), (600_000, None)]);
    for (nth, (pause, intent)) in pauses.into_iter().enumerate() {
        // Somewhere within the pause, and at its end.
        for part in [pause * (3 + seed as i64 % 5) / 10, pause - pause * (3 + seed as i64 % 5) / 10] {
            watched.pass(part, |_, _| false);
            let Some(set) = watched.set() else { continue };
            if is_settled(&watched.world, &set) {
                continue;
            }
            tally.moments += 1;
            let tree = watched.why().expect("the set is there");
            let place = format!("seed {seed} intent {nth} at {} ms\n{}", watched.world.now().0, lines(&tree));
            let Some(first) = tree.first_blocker() else {
                tally.empty.push(place);
                continue;
            };
            match first.helps.first().map(|help| &help.act) {
                Some(Act::Hand) => tally.by_hand += 1,
                Some(Act::Passes(_)) => tally.passing += 1,
                _ => {
                    tally.removed += 1;
                    tally.stuck += usize::from(!changes(watched.clone(), PATIENCE, &name_of(&tree)));
                }
            }
            if !is_true(&watched, first, &tree) {
                tally.wrong.push(place);
            }
        }
        if let Some(intent) = intent {
            watched.world.submit(intent);
        }
    }
}

#[test]
fn in_random_journals_the_explanation_is_never_empty_and_its_first_blocker_is_what_holds_the_set_up() {
    let mut tally = Tally::default();
    for seed in 0..trials() {
        look(seed, &mut tally);
    }
    println!(
        "{} moments: {} first blockers removed by an intent (of which {} would have stayed), {} passed by themselves, {} for a \
         person",
        tally.moments, tally.removed, tally.stuck, tally.passing, tally.by_hand
    );
    for place in tally.wrong.iter().chain(&tally.empty).take(6) {
        println!("{place}");
    }
    assert!(tally.empty.is_empty(), "{} explanations are empty", tally.empty.len());
    assert!(
        tally.wrong.is_empty(),
        "{} of {} first blockers are not what holds the set up",
        tally.wrong.len(),
        tally.moments
    );
    assert!(tally.stuck * 3 > tally.removed, "most removals make no difference");
    assert!(tally.moments > 10 * usize::try_from(trials()).unwrap_or(0) / 2, "the journals leave something to explain");
}

#[test]
fn every_event_of_random_journals_leads_back_to_a_person_or_to_the_clock() {
    let (mut events, mut persons) = (0, 0);
    for seed in 0..trials() / 2 {
        let mut watched = Watched { world: World::new(&setup(seed)), chronicle: Chronicle::default() };
        for (pause, intent) in (Trial { seed: Seed(seed) }).journal() {
            watched.pass(pause, |_, _| false);
            watched.world.submit(intent);
        }
        watched.pass(60_000, |_, _| false);
        for event in watched.world.store().list(Kind::Event, "") {
            let Some((step, at)) = watched.chronicle.touched(&event.key()) else {
                assert!(event.meta.created.0 < 0, "{} was made by a step", event.meta.name);
                continue;
            };
            let root = root_of(&watched.world, &watched.chronicle, step).expect("something began it");
            assert!(root.at <= at && root.step <= step, "{} began after what it caused", root.text);
            assert!(matches!(root.by, "you" | "the cluster"), "{} {}", root.by, root.text);
            events += 1;
            persons += usize::from(root.by == "you");
        }
    }
    println!("{events} events, {persons} of them began with a person");
    assert!(events > 500 && persons * 10 > events * 9, "{persons} of {events} began with a person");
}
