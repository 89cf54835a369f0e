//! The clocks of probes (`reference/pods-and-nodes.md` §3).
//!
//! A worker ticks from the moment the pod's volumes are mounted. Ticks that cannot change anything are never
//! waited for: `next` names the next one that can, and a changed pod asks again.

use crate::time::Time;
use crate::value::Value;

/// The three kinds of probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProbeKind {
    Startup,
    Readiness,
    Liveness,
}

impl ProbeKind {
    pub const ALL: [Self; 3] = [Self::Startup, Self::Readiness, Self::Liveness];

    /// Its field in a container's spec.
    pub fn field(self) -> &'static str {
        match self {
            Self::Startup => "startupProbe",
            Self::Readiness => "readinessProbe",
            Self::Liveness => "livenessProbe",
        }
    }

    /// `Readiness`, as its events begin.
    pub fn title(self) -> &'static str {
        match self {
            Self::Startup => "Startup",
            Self::Readiness => "Readiness",
            Self::Liveness => "Liveness",
        }
    }

    /// What its result is before it has one: not ready, alive, startup unknown.
    fn initial(self) -> Option<bool> {
        match self {
            Self::Startup => None,
            Self::Readiness => Some(false),
            Self::Liveness => Some(true),
        }
    }
}

/// One probe worker.
#[derive(Clone, Debug)]
pub(super) struct Probe {
    pub kind: ProbeKind,
    /// The published result.
    pub result: Option<bool>,
    /// Makes alarms of earlier arrangements void.
    pub arm: u64,
    /// The next tick that can change anything, when there is one.
    pub awaited: Option<Time>,
    delay: i64,
    period: i64,
    success_threshold: i64,
    failure_threshold: i64,
    /// A tick of its clock; all others lie whole periods away.
    anchor: Time,
    /// The last attempt's outcome, and how many in a row were like it.
    last: Option<bool>,
    row: i64,
    /// Waits for a new container after a fatal result.
    on_hold: bool,
}

impl Probe {
    /// The worker of a probe, ticking from `anchor`; durations are divided by the world's divisor.
    pub fn new(kind: ProbeKind, spec: &Value, divisor: i64, anchor: Time) -> Self {
        let number = |key: &str, otherwise: i64| spec.at(&[key]).as_i64().unwrap_or(otherwise);
        let divisor = divisor.max(1);
        Self {
            kind,
            result: kind.initial(),
            arm: 0,
            awaited: None,
            delay: number("initialDelaySeconds", 0) * 1000 / divisor,
            period: (number("periodSeconds", 10) * 1000 / divisor).max(1),
            success_threshold: number("successThreshold", 1),
            failure_threshold: number("failureThreshold", 3),
            anchor,
            last: None,
            row: 0,
            on_hold: false,
        }
    }

    /// Forgets everything but its clock: a new run has begun.
    pub fn reset(&mut self) {
        self.result = self.kind.initial();
        self.last = None;
        self.row = 0;
        self.on_hold = false;
    }

    /// A status sync that finds the container not ready asks for an attempt now; the clock starts anew from it.
    pub fn trigger(&mut self, now: Time) {
        self.anchor = now;
    }

    /// Whether its delay is over at `now` for a run that began at `started` (kept in whole seconds, as in the
    /// pod's status).
    pub fn is_due(&self, started: Time, now: Time) -> bool {
        !self.on_hold && now.since(started.whole_second()) >= self.delay
    }

    /// The first tick after `now` at which an attempt could change anything, if it then finds `healthy`.
    pub fn next(&self, started: Time, healthy: bool, now: Time) -> Option<Time> {
        let settled = healthy && self.result == Some(true) && self.last != Some(false);
        let finished = self.kind == ProbeKind::Startup && self.result == Some(true);
        if self.on_hold || settled || finished {
            return None;
        }
        let ready_at = started.whole_second().plus(self.delay);
        let after = now.max(ready_at.plus(-1));
        let periods = after.since(self.anchor).div_euclid(self.period) + 1;
        Some(self.anchor.plus(periods * self.period))
    }

    /// Takes the outcome of an attempt in; true when the published result changed.
    pub fn attempt(&mut self, healthy: bool) -> bool {
        if self.last == Some(healthy) {
            self.row += 1;
        } else {
            self.last = Some(healthy);
            self.row = 1;
        }
        let needed = if healthy { self.success_threshold } else { self.failure_threshold };
        if self.row < needed {
            return false;
        }
        if !healthy && self.kind != ProbeKind::Readiness {
            self.on_hold = true;
        }
        let changed = self.result != Some(healthy);
        self.result = Some(healthy);
        changed
    }

    /// When the wait for the tick that is awaited began: at the last attempt, or at the start of the run.
    pub fn asked_at(&self, started: Time) -> Time {
        match self.awaited {
            Some(tick) if self.last.is_some() => tick.plus(-self.period),
            _ => started,
        }
    }

    /// How long after a run's start it may succeed at the earliest, ms.
    pub fn delay(&self) -> i64 {
        self.delay
    }
}

/// What a failed attempt says, by the probe's handler.
pub(super) fn failure_text(spec: &Value, pod_ip: &str) -> String {
    if let Some(socket) = spec.get("tcpSocket") {
        let port = match socket.at(&["port"]) {
            Value::Int(port) => port.to_string(),
            other => other.str_or_empty().to_owned(),
        };
        let host = socket.at(&["host"]).as_str().unwrap_or(pod_ip);
        format!("dial tcp {host}:{port}: connect: connection refused")
    } else if spec.get("exec").is_some() {
        String::new()
    } else if spec.get("grpc").is_some() {
        "service unhealthy (responded with \"NOT_SERVING\")".to_owned()
    } else {
        "HTTP probe failed with statuscode: 503".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map;

    fn readiness(delay: i64, period: i64, divisor: i64) -> Probe {
        let spec = map! { "initialDelaySeconds" => delay, "periodSeconds" => period };
        Probe::new(ProbeKind::Readiness, &spec, divisor, Time(100))
    }

    #[test]
    fn the_first_tick_that_counts_lies_behind_the_delay() {
        let probe = readiness(15, 30, 1);
        assert_eq!(probe.next(Time(112), true, Time(112)), Some(Time(30_100)));
        assert_eq!(readiness(15, 10, 10).next(Time(112), true, Time(112)), Some(Time(2100)));
        assert_eq!(readiness(0, 10, 1).next(Time(112), true, Time(112)), Some(Time(10_100)));
    }

    #[test]
    fn a_settled_probe_costs_nothing_until_its_program_fails() {
        let mut probe = readiness(0, 10, 1);
        assert!(probe.attempt(true));
        assert_eq!(probe.next(Time(112), true, Time(10_100)), None);
        assert_eq!(probe.next(Time(112), false, Time(65_000)), Some(Time(70_100)));
        assert!(!probe.attempt(false));
        assert!(!probe.attempt(false));
        assert!(probe.attempt(false), "the third failure in a row is published");
        assert!(probe.attempt(true));
    }

    #[test]
    fn a_failed_liveness_probe_waits_for_a_new_run() {
        let spec = map! { "failureThreshold" => 2 };
        let mut probe = Probe::new(ProbeKind::Liveness, &spec, 1, Time(0));
        assert!(!probe.attempt(false));
        assert!(probe.attempt(false));
        assert_eq!(probe.next(Time(0), false, Time(20_000)), None);
        probe.reset();
        assert_eq!(probe.next(Time(25_000), false, Time(25_500)), Some(Time(30_000)));
    }
}
