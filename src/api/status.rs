//! API errors: what went wrong, as values that carry what the message needs.

use std::ops::Deref;

use super::Kind;
use crate::value::Text;

/// Why a request failed (`reference/api-defaults-validation.md` §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Reason {
    NotFound,
    AlreadyExists,
    Conflict,
    Forbidden,
    BadRequest,
    Invalid,
    TooManyRequests,
    UnsupportedMediaType,
    MethodNotAllowed,
    InternalError,
    /// An error without a reason of its own: kubectl prints `Error from server: …`.
    Unknown,
}

impl Reason {
    /// The word in brackets after `Error from server`; empty for `Unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "NotFound",
            Self::AlreadyExists => "AlreadyExists",
            Self::Conflict => "Conflict",
            Self::Forbidden => "Forbidden",
            Self::BadRequest => "BadRequest",
            Self::Invalid => "Invalid",
            Self::TooManyRequests => "TooManyRequests",
            Self::UnsupportedMediaType => "UnsupportedMediaType",
            Self::MethodNotAllowed => "MethodNotAllowed",
            Self::InternalError => "InternalError",
            Self::Unknown => "",
        }
    }
}

/// The kind of a validation cause (`reference/api-defaults-validation.md` §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CauseType {
    Required,
    Invalid,
    NotSupported,
    Duplicate,
    Forbidden,
    NotFound,
    TooLong,
    TooMany,
}

/// One complaint of a validation: the field and the text after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What sort of complaint.
    pub kind: CauseType,
    /// The field's path: `spec.template.spec.containers[0].image`.
    pub field: Text,
    /// The text after `<field>: `, such as `Invalid value: -1: must be greater than or equal to 0`.
    pub message: Text,
}

/// A failed request, in the form of metav1.Status: one word, so that what may fail is handed on cheaply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status(Box<Failed>);

/// What a failed request is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Why.
    pub reason: Reason,
    /// The whole message as the API server words it.
    pub message: Text,
    /// The kind concerned, where the answer names one.
    pub kind: Option<Kind>,
    /// The object's name, where the answer names one.
    pub name: Text,
    /// The causes of an Invalid answer, in the order in which validation found them.
    pub causes: Vec<Cause>,
}

impl Deref for Status {
    type Target = Failed;
    fn deref(&self) -> &Failed {
        &self.0
    }
}

impl Status {
    fn about(reason: Reason, kind: Kind, name: &str, message: String) -> Self {
        Self(Box::new(Failed {
            reason,
            message: message.into(),
            kind: Some(kind),
            name: Text::copy(name),
            causes: Vec::new(),
        }))
    }

    /// The same with another message.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<Text>) -> Self {
        self.0.message = message.into();
        self
    }

    /// The same about the object of this name.
    #[must_use]
    pub fn with_name(mut self, name: &Text) -> Self {
        self.0.name = name.clone();
        self
    }

    /// The same with these causes.
    #[must_use]
    pub fn with_causes(mut self, causes: Vec<Cause>) -> Self {
        self.0.causes = causes;
        self
    }

    /// An error that concerns no object in particular.
    pub fn plain(reason: Reason, message: impl Into<Text>) -> Self {
        Self(Box::new(Failed {
            reason,
            message: message.into(),
            kind: None,
            name: Text::default(),
            causes: Vec::new(),
        }))
    }

    /// `statefulsets.apps "web" not found`.
    pub fn not_found(kind: Kind, name: &str) -> Self {
        let message = format!("{} \"{name}\" not found", kind.qualified_plural());
        Self::about(Reason::NotFound, kind, name, message)
    }

    /// `statefulsets.apps "web" already exists`.
    pub fn already_exists(kind: Kind, name: &str) -> Self {
        let message = format!("{} \"{name}\" already exists", kind.qualified_plural());
        Self::about(Reason::AlreadyExists, kind, name, message)
    }

    /// `statefulsets.apps "web" is forbidden: <why>`.
    pub fn forbidden(kind: Kind, name: &str, why: &str) -> Self {
        let message = format!("{} \"{name}\" is forbidden: {why}", kind.qualified_plural());
        Self::about(Reason::Forbidden, kind, name, message)
    }

    /// `Operation cannot be fulfilled on statefulsets.apps "web": <why>`.
    pub fn conflict(kind: Kind, name: &str, why: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {} \"{name}\": {why}", kind.qualified_plural());
        Self::about(Reason::Conflict, kind, name, message)
    }

    /// The conflict of a write that was based on an older version.
    pub fn modified(kind: Kind, name: &str) -> Self {
        Self::conflict(
            kind,
            name,
            "the object has been modified; please apply your changes to the latest version and try again",
        )
    }

    /// `StatefulSet.apps "web" is invalid: <causes>`; several causes stand in brackets.
    pub fn invalid(kind: Kind, name: &str, causes: Vec<Cause>) -> Self {
        let texts: Vec<String> = causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
        let joined = match texts.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        let message = format!("{} \"{name}\" is invalid: {joined}", kind.qualified_kind());
        Self::about(Reason::Invalid, kind, name, message).with_causes(causes)
    }

    /// A BadRequest with this text.
    pub fn bad_request(message: impl Into<Text>) -> Self {
        Self::plain(Reason::BadRequest, message)
    }

    /// Whether this says that something is not there.
    pub fn is_not_found(&self) -> bool {
        self.reason == Reason::NotFound
    }
}
