//! The table of conditions that nodes and claims share.

use super::container::NEVER;
use super::writer::{Writer, moment};
use crate::value::Value;

/// The table; `seen` is the field that tells when a condition was last looked at: `lastHeartbeatTime`, `lastProbeTime`.
pub(super) fn conditions(out: &mut Writer, conditions: &Value, seen: &str) {
    if conditions.items().is_empty() {
        return;
    }
    out.line(0, "Conditions:");
    let (first, rest) = seen.split_at_checked(1).unwrap_or_default();
    let heading = [&first.to_ascii_uppercase(), rest].concat();
    out.line(1, &["Type\tStatus\t", &heading, "\tLastTransitionTime\tReason\tMessage"].concat());
    out.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
    for condition in conditions.items() {
        let text = |key: &str| condition.at(&[key]).str_or_empty();
        let time = |key: &str| moment(condition.at(&[key]), NEVER);
        let cells =
            [text("type"), text("status"), &time(seen), &time("lastTransitionTime"), text("reason"), text("message")];
        out.line(1, &cells.join(" \t"));
    }
}
