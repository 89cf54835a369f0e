//! The judge: what a real Kubernetes v1.36.2 did, against what a replay of the same steps does here.
//!
//! Five parts: `steps` (exit code and output of every command), `objects` (the states each object went through), `order`
//! (creations and deletions of pods and claims), `events` (their texts), `timing` (the gaps between a pod's states).
//! The score of every scenario is kept in `scores.txt`; a loss in any part fails, and `JUDGE_UPDATE=1` writes a gain down.

mod facets;
mod gaps;
mod normal;
mod scenario;
mod transcript;

use std::collections::BTreeMap;
use std::fmt::Write as _;

const PARTS: [&str; 5] = ["steps", "objects", "order", "events", "timing"];
const SCORES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/judge/scores.txt");

#[test]
fn no_scenario_says_less_of_what_kubernetes_said_than_before() {
    let mut table = String::new();
    let mut shares: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut report = String::new();
    let (mut recorded, mut here) = (gaps::Gaps::default(), gaps::Gaps::default());
    for scenario in scenario::all() {
        let verdict = scenario.judge(&mut recorded, &mut here);
        let _ = write!(table, "{:28}", scenario.name);
        for (part, (equal, counted)) in PARTS.iter().zip(verdict.scores) {
            let _ = write!(table, " {part} {equal}/{counted}");
            if counted > 0 {
                shares.entry(part).or_default().push(100.0 * equal as f64 / counted as f64);
            }
        }
        table.push('\n');
        for difference in verdict.differences.iter().take(6) {
            let _ = writeln!(report, "{}: {difference}", scenario.name);
        }
    }
    let mut means = String::from("MEAN");
    for part in PARTS {
        let values = shares.get(part).map_or(&[][..], Vec::as_slice);
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        let _ = write!(means, " {part} {mean:.1} %");
    }
    println!("{report}\n{}\n{table}{means}", gaps::table(recorded, here));
    if std::env::var_os("JUDGE_UPDATE").is_some() {
        std::fs::write(SCORES, &table).expect("the scores can be written");
        return;
    }
    let kept = std::fs::read_to_string(SCORES).expect("tests/judge/scores.txt is there");
    for line in kept.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let now = table
            .lines()
            .find(|other| other.split_whitespace().next() == words.first().copied())
            .unwrap_or_else(|| panic!("{} is no longer replayed", words[0]));
        for (before, after) in numbers(line).iter().zip(numbers(now)) {
            assert!(after >= *before, "a loss:\nbefore {line}\nnow    {now}\n{report}");
        }
    }
}

/// The shares of the five parts of a line of scores.
fn numbers(line: &str) -> Vec<f64> {
    line.split_whitespace()
        .filter_map(|word| word.split_once('/'))
        .filter_map(|(equal, counted)| {
            let (equal, counted) = (equal.parse::<f64>().ok()?, counted.parse::<f64>().ok()?);
            Some(if counted > 0.0 { equal / counted } else { 1.0 })
        })
        .collect()
}
