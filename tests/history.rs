//! How quick going back is and how much it holds: a busy day and a busy week of five sets of twenty pods, natively. The
//! same in the page: `tests/browser/travel.rs`.

mod days;

use std::time::Instant;

use playground::random::Seed;
use playground::time::Time;
use playground::ui::model::{Action, Options, State, update};

fn opened(days: u64) -> State {
    let mut state = State::new(Options::default()).expect("the profile is built in");
    update(&mut state, Action::Resume(format!("open\n{}", days::session(days))));
    while state.travel.opens() {
        state.frame(0, &mut || true);
    }
    state
}

/// The most memory this process has held, kB; 0 where the system does not tell.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

#[test]
fn any_instant_of_a_busy_day_is_reached_quickly() {
    let mut state = opened(1);
    let (steps, (checkpoints, weight)) = (state.time.branch().seen().step, state.time.branch().kept());
    let mut took: Vec<u128> = (0..200)
        .map(|nth: u64| {
            let to = Time(Seed(nth).between("instant", "day", 0, 24 * 3_600_000));
            let begun = Instant::now();
            update(&mut state, Action::Seek(to));
            assert_eq!(state.time.now(), to);
            begun.elapsed().as_micros()
        })
        .collect();
    took.sort_unstable();
    println!(
        "a day of 100 pods: {steps} steps, {checkpoints} checkpoints ({weight} bytes as estimated); seek to a random instant: \
         median {} µs, p95 {} µs, most {} µs",
        took[100], took[189], took[199]
    );
    assert!(checkpoints > 20, "there is something to go back to");
}

#[test]
#[ignore = "a minute without optimization; run it with --release"]
fn a_busy_week_has_a_bound() {
    let before = peak_kb();
    let state = opened(7);
    let (checkpoints, weight) = state.time.branch().kept();
    println!(
        "a week of 100 pods: {} steps, {checkpoints} checkpoints ({weight} bytes as estimated), {} kB more than at first",
        state.time.branch().seen().step,
        peak_kb() - before
    );
    assert!(weight <= 20 << 20, "{weight}");
}
