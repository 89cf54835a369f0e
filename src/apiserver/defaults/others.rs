//! Defaults of the kinds that have few.

use super::{each, fill, fill_zero, omit, omit_null, with};
use crate::value::{Text, Value};

/// Every namespace carries its own name as a label.
pub(super) fn namespace(tree: &mut Value) {
    let name = tree.at(&["metadata", "name"]).text();
    if !name.is_empty() {
        let labels = tree.at_mut(&["metadata", "labels"]);
        fill(labels, "kubernetes.io/metadata.name", name);
    }
    fill(tree, "spec", Value::empty_map());
    fill(tree, "status", Value::empty_map());
    with(tree, "status", |status| fill_zero(status, "phase", "Active"));
}

/// A Secret is Opaque; what stands in stringData is moved, encoded, into data.
pub(super) fn secret(tree: &mut Value) {
    fill_zero(tree, "type", "Opaque");
    if let Some(plain) = tree.take(&["stringData"]) {
        for (key, text) in plain.pairs() {
            let encoded = base64(text.str_or_empty().as_bytes());
            tree.at_mut(&["data"]).map_mut().insert(key.clone(), encoded);
        }
    }
    omit(tree, &["data"]);
    omit_null(tree, &["immutable"]);
}

/// Standard base64 with padding.
fn base64(bytes: &[u8]) -> Text {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = DIGITS.get((bits >> (18 - 6 * place) & 63) as usize);
            let there = place <= chunk.len();
            text.push(digit.filter(|_| there).map_or('=', |d| char::from(*d)));
        }
    }
    text.into()
}

/// Fills in a PodDisruptionBudget.
pub(super) fn budget(tree: &mut Value) {
    fill(tree, "spec", Value::empty_map());
    with(tree, "spec", |spec| {
        omit_null(spec, &["minAvailable", "maxUnavailable", "selector", "unhealthyPodEvictionPolicy"]);
        with(spec, "selector", super::pod::selector);
    });
    fill(tree, "status", Value::empty_map());
    with(tree, "status", |status| {
        for key in ["currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods"] {
            fill(status, key, 0);
        }
    });
}

/// Fills in an EndpointSlice: its lists are written even where there is nothing to list.
pub(super) fn endpoint_slice(tree: &mut Value) {
    for list in ["endpoints", "ports"] {
        if tree.at(&[list]).items().is_empty() && tree.get(list).is_none() {
            tree.set(&[list], Value::Null);
        }
    }
    each(tree, "ports", |port| {
        fill(port, "name", "");
        fill(port, "protocol", "TCP");
    });
}

/// Fills in a Node.
pub(super) fn node(tree: &mut Value) {
    fill(tree, "spec", Value::empty_map());
    with(tree, "spec", |spec| {
        omit(spec, &["unschedulable", "taints", "podCIDRs", "providerID", "podCIDR"]);
    });
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64_pads_to_groups_of_four() {
        for (plain, encoded) in [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("s3cret", "czNjcmV0")] {
            assert_eq!(super::base64(plain.as_bytes()), encoded);
        }
    }
}
