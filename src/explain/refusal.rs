//! What the API server's refusals mean.

/// Part of a complaint, what it means without the last full stop, and its rule.
const REFUSALS: [(&str, &str, u8); 7] = [
    (
        "updates to statefulset spec for fields other than",
        "volumeClaimTemplates, serviceName, selector and podManagementPolicy of a StatefulSet cannot be changed. To resize \
         its claims: patch each claim, delete the set with --cascade=orphan, and create it again with the new template",
        16,
    ),
    (
        "must support resize",
        "The claim's StorageClass does not allow expansion (allowVolumeExpansion), so its size stays as it is",
        25,
    ),
    ("field can not be less than", "A claim can grow and never shrink", 25),
    (
        "disruption budget",
        "A PodDisruptionBudget forbids this eviction now: too few pods of it are Ready. Deleting the pod is not an eviction",
        0,
    ),
    ("`selector` does not match template `labels`", "The template's labels have to match spec.selector", 21),
    ("namespaces \"", "The namespace has to be there first", 0),
    ("is invalid", "The API server found a value that cannot be; nothing was changed", 0),
];

/// What a complaint of the API server means, without the last full stop, and the rule behind it (0 without one).
pub fn refusal(complaint: &str) -> Option<(&'static str, u8)> {
    REFUSALS.iter().find(|(part, ..)| complaint.contains(part)).map(|(_, text, rule)| (*text, *rule))
}
