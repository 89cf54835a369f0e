//! What is coming: for whoever has stopped the time.

use super::state::State;
use crate::api::Kind;

/// What comes by itself, and in how many simulated seconds: the nearest of what pods wait out, in the words of their seats
/// (`mehdb-0: probe in 12 s`); where none does, the component that is due next. It may find nothing to do, so no more
/// is said of it. Empty when nothing is due.
pub fn coming(state: &State) -> String {
    let world = &state.lab().world;
    let (Some(mut at), Some(actor)) = (world.next_at(), world.next_actor()) else { return String::new() };
    let (mut who, mut what) = ("next", actor);
    let mut waits = false;
    for pod in world.store().list(Kind::Pod, "") {
        if let Some(countdown) = world.countdown(pod)
            && (!waits || countdown.until < at)
        {
            (at, who, what, waits) = (countdown.until, &pod.meta.name, countdown.what, true);
        }
    }
    format!("{who}: {what} in {} s", (at.since(state.time.now()).max(0) + 999) / 1000)
}

#[cfg(test)]
mod tests {
    use super::super::action::Action;
    use super::super::options::Options;
    use super::super::update::update;
    use super::*;
    use crate::time::Time;

    #[test]
    fn nothing_comes_before_anything_was_done() {
        assert_eq!(coming(&State::new(Options::default()).unwrap()), "");
    }

    #[test]
    fn who_stops_the_time_is_told_what_a_pod_waits_for_or_who_is_next() {
        let mut state = State::new(Options::default()).unwrap();
        update(&mut state, Action::Apply);
        let mut at = |ms| {
            state.time.play_to(Time(ms), usize::MAX);
            coming(&state)
        };
        assert_eq!(at(100), "next: external-provisioner in 2 s");
        assert_eq!(at(3_000), "mehdb-0: image in 4 s");
        assert_eq!(at(10_000), "mehdb-0: probe in 28 s");
        assert_eq!(at(100_000), "next: default-scheduler in 201 s");
    }
}
