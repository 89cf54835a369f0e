//! Decisions and the reasons for waiting, recorded where they arise.

use crate::api::Key;
use crate::value::Text;

/// A rule of `reference/statefulset-controller.md` §8, by number; 0 where no numbered rule applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rule(pub u8);

/// Why a controller does nothing for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// What is not done because of it: the pod that is not created, the set that is not scaled.
    pub subject: Key,
    /// The rule that makes it wait.
    pub rule: Rule,
    /// What it waits for.
    pub on: Key,
    /// The reason in plain words, one sentence without a full stop: `mehdb-0 is Running but not Ready`.
    pub why: Text,
}

/// One thing that a part of the control plane decided. What is carried out and what is explained are this value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who decided, by Kubernetes' component name: `statefulset-controller`.
    pub by: &'static str,
    /// The object it was decided for.
    pub subject: Key,
    /// What was done, in plain words; empty when the decision is only to wait.
    pub did: Text,
    /// The reason in plain words: why this was done.
    pub because: Text,
    /// Set when the decision is to wait.
    pub wait: Option<Wait>,
}

impl Decision {
    /// Something was done to the subject, for this reason.
    pub fn did(by: &'static str, subject: Key, did: impl Into<Text>, because: impl Into<Text>) -> Self {
        Self { by, subject, did: did.into(), because: because.into(), wait: None }
    }

    /// Nothing is done to the subject until something happens to another object; no numbered rule says so.
    pub fn waits(by: &'static str, subject: Key, on: Key, why: impl Into<Text>) -> Self {
        let why = why.into();
        let wait = Wait { subject: subject.clone(), rule: Rule(0), on, why: why.clone() };
        Self { by, subject, did: Text::default(), because: why, wait: Some(wait) }
    }
}
