//! The rules by number, each in one line (`reference/statefulset-controller.md` §8).

/// Rules 1 to 26.
const RULES: [&str; 26] = [
    "Only changes of the set and of its pods, timers and retries wake the controller; a claim, a volume, a Service or a node never does.",
    "OrderedReady creates a pod only when all pods before it are Running, Ready and available.",
    "A terminating pod holds its name: its successor comes when the object is gone, and in OrderedReady nothing after it happens before.",
    "A pod whose phase is Failed or Succeeded is deleted and comes again; CrashLoopBackOff is phase Running, and such a pod is never replaced.",
    "Nobody confirms the end of a pod on a lost node, and the controller never deletes by force: at most one pod of a name.",
    "A claim that is being deleted keeps its pod from being created; the controller tries again after longer and longer pauses.",
    "With whenScaled: Delete a claim that still belongs to a former pod of the name keeps the next one away, without a word.",
    "A name that is taken by a pod the set cannot adopt stays taken; no event says so.",
    "OrderedReady scales down only while every pod that stays is Ready: highest ordinal first, one at a time.",
    "A pod that is to go and is not well waits while a lower one is not well either.",
    "In OrderedReady scaling comes before updating.",
    "Reverting a template does not heal an OrderedReady set: it stops at the first pod that is not Ready, before its update step. Somebody has to delete the broken pod.",
    "A rolling update goes from the highest ordinal down, one pod at a time, each must be available first; so it is with Parallel.",
    "Ordinals below the partition keep the current revision, and come again with it.",
    "With OnDelete a pod changes its revision only when somebody deletes it; currentRevision never moves.",
    "Only a change of spec.template makes a revision. volumeClaimTemplates, serviceName, selector and podManagementPolicy cannot be changed.",
    "minReadySeconds count from the moment a pod became Ready; until then it is not available.",
    "A set that is being deleted does nothing any more; its pods go in no order. Scale to 0 first for an ordered stop.",
    "Parallel creates and deletes without waiting for other pods.",
    "maxUnavailable is ignored unless the gate MaxUnavailableStatefulSet is on, and it is off by default.",
    "A pod whose labels no longer match is let go; its name has to become free before another one comes.",
    "Claims outlive pods, scaling down and the set; only the retention policy or a person deletes them.",
    "After an error the controller tries again after longer and longer pauses (5 ms to 1000 s); after a silent wait there is no timer.",
    "A changed ordinals.start makes pods out of range: the new ordinals come first, then the old ones go.",
    "A claim is found by its name only: another size or class in the template changes no claim that is there.",
    "replicas that a manifest leaves out are left alone by apply, unless the manifest applied before had them.",
];

/// What a rule says; empty for 0 and for numbers without a rule.
pub fn rule(number: u8) -> &'static str {
    usize::from(number).checked_sub(1).and_then(|nth| RULES.get(nth)).copied().unwrap_or("")
}
