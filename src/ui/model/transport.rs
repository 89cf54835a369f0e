//! How simulated time is played.

use crate::time::Time;

/// The speeds on offer: simulated seconds in a second.
pub const SPEEDS: [i64; 9] = [1, 2, 5, 10, 20, 60, 120, 300, 1000];

/// A pause between frames (a hidden tab) counts at most this long, ms.
const LONGEST_FRAME: i64 = 250;

/// Idle time is skipped where the next thing happens later than after so many real milliseconds.
const IDLE: i64 = 400;

/// Play, pause, speed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transport {
    /// Whether time passes.
    pub playing: bool,
    /// Simulated seconds in a second.
    pub speed: i64,
    /// Whether time in which nothing happens is left out.
    pub skips: bool,
    /// Simulated microseconds that passed without making a whole millisecond.
    rest: i64,
}

impl Default for Transport {
    fn default() -> Self {
        Self { playing: true, speed: 5, skips: false, rest: 0 }
    }
}

impl Transport {
    /// The moment to play to, so many real microseconds later; where idle time is skipped, the next moment at which
    /// something happens.
    pub fn target(&mut self, now: Time, next: Option<Time>, elapsed_us: i64) -> Time {
        if let Some(next) = next.filter(|next| self.skips && next.since(now) > IDLE * self.speed) {
            return next;
        }
        let elapsed = elapsed_us.clamp(0, LONGEST_FRAME * 1000);
        let total = elapsed.saturating_mul(self.speed) + self.rest;
        self.rest = total % 1000;
        now.plus(total / 1000)
    }

    /// How long nothing can be seen to happen, real ms: until the next occurrence or the clock's next second.
    /// `None` when no frame is wanted at all: paused, or nothing is due.
    pub fn sleep(&self, now: Time, next: Option<Time>) -> Option<u32> {
        let next = next.filter(|_| self.playing)?;
        if self.skips && next.since(now) > IDLE * self.speed {
            return Some(0);
        }
        let tick = Time((now.0.div_euclid(1000) + 1) * 1000);
        let wait = next.min(tick).since(now).max(0) / self.speed.max(1);
        Some(u32::try_from(wait).unwrap_or(0))
    }
}

/// `00:01:13`.
pub fn clock(now: Time) -> String {
    let seconds = now.0.max(0) / 1000;
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_of_a_millisecond_add_up() {
        let mut transport = Transport { speed: 1, ..Transport::default() };
        let mut now = Time(0);
        for _ in 0..60 {
            now = transport.target(now, None, 16_667);
        }
        assert_eq!(now, Time(1000));
    }

    #[test]
    fn a_hidden_tab_does_not_fast_forward() {
        let mut transport = Transport { speed: 10, ..Transport::default() };
        assert_eq!(transport.target(Time(0), None, 3_600_000_000), Time(2500));
    }

    #[test]
    fn idle_time_is_skipped_on_demand_and_only_where_it_is_long() {
        let mut transport = Transport { speed: 10, skips: true, ..Transport::default() };
        assert_eq!(transport.sleep(Time(0), Some(Time(60_000))), Some(0));
        assert_eq!(transport.target(Time(0), Some(Time(60_000)), 16_000), Time(60_000));
        assert_eq!(transport.target(Time(0), Some(Time(3_000)), 16_000), Time(160));
        transport.skips = false;
        assert_eq!(transport.target(Time(0), Some(Time(60_000)), 16_000), Time(160));
    }

    #[test]
    fn nothing_runs_when_paused_or_when_nothing_is_due() {
        let mut transport = Transport { speed: 2, ..Transport::default() };
        assert_eq!(transport.sleep(Time(100), None), None);
        assert_eq!(transport.sleep(Time(100), Some(Time(300))), Some(100));
        assert_eq!(transport.sleep(Time(100), Some(Time(9_000))), Some(450));
        transport.playing = false;
        assert_eq!(transport.sleep(Time(100), Some(Time(300))), None);
    }

    #[test]
    fn the_clock_counts_from_the_beginning() {
        assert_eq!(clock(Time(73_999)), "00:01:13");
        assert_eq!(clock(Time(3_600_000)), "01:00:00");
    }
}
