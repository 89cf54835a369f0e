//! What kubectl says when something fails (`reference/api-defaults-validation.md` §6).

use crate::api::{Reason, Status};

/// Something that went wrong in a command: one word, so that what may fail is handed on cheaply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(Box<What>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// The API server refused.
    Api(Status),
    /// kubectl itself refused; printed after `error: ` unless other failures stand beside it.
    Error(String),
    /// Printed as it is.
    Plain(String),
}

impl From<Status> for Failure {
    #[inline(never)]
    fn from(status: Status) -> Self {
        Self(Box::new(What::Api(status)))
    }
}

impl Failure {
    /// kubectl's own error.
    pub fn error(text: impl Into<String>) -> Self {
        Self::own(text.into())
    }

    #[inline(never)]
    fn own(text: String) -> Self {
        Self(Box::new(What::Error(text)))
    }

    /// An error that is printed as it is.
    #[inline(never)]
    pub fn plain(text: String) -> Self {
        Self(Box::new(What::Plain(text)))
    }

    /// A mistake in the use of flags.
    pub fn flag(path: &str, text: impl AsRef<str>) -> Self {
        Self::own(format!("{}\nSee '{path} --help' for usage.", text.as_ref()))
    }

    /// A mistake in the use of arguments.
    pub fn usage(path: &str, text: impl AsRef<str>) -> Self {
        Self::own(format!("{}\nSee '{path} -h' for help and examples", text.as_ref()))
    }

    /// An API error of an object that came from a file: the verb and the file are told.
    #[must_use]
    pub fn from_source(status: Status, verb: &str, source: &str) -> Self {
        if source.is_empty() {
            return status.into();
        }
        let message = format!("error when {verb} \"{source}\": {}", status.message);
        status.with_message(message).into()
    }

    /// What went wrong, without a word before it.
    pub fn text(&self) -> &str {
        match &*self.0 {
            What::Api(status) => &status.message,
            What::Error(text) | What::Plain(text) => text,
        }
    }

    /// Whether this says that something is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(&*self.0, What::Api(status) if status.is_not_found())
    }

    /// What is printed when this is the only failure, with its line end.
    pub fn render(&self) -> String {
        let mut text = match &*self.0 {
            What::Api(status) if status.reason == Reason::Invalid => invalid(status),
            What::Error(text) if !text.starts_with("error: ") => format!("error: {text}"),
            _ => self.beside_others(),
        };
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text
    }

    /// The line of this failure when there are others: without the word error.
    fn beside_others(&self) -> String {
        match &*self.0 {
            What::Api(status) => match status.reason.as_str() {
                "" => format!("Error from server: {}", status.message),
                reason => format!("Error from server ({reason}): {}", status.message),
            },
            What::Error(text) | What::Plain(text) => text.clone(),
        }
    }

    /// What all failures of a command print at its end.
    pub fn render_all(failures: &[Failure]) -> String {
        match failures {
            [one] => one.render(),
            many => {
                let mut text = String::new();
                for failure in many {
                    let line = failure.beside_others();
                    if !line.is_empty() {
                        text.push_str(&line);
                        text.push('\n');
                    }
                }
                text
            }
        }
    }
}

/// An Invalid answer: the object's kind and name, then its causes, each once.
fn invalid(status: &Status) -> String {
    let about = match status.kind {
        Some(kind) => format!("The {} \"{}\" is invalid", kind.name(), status.name),
        None => "The request is invalid".to_owned(),
    };
    let mut causes: Vec<String> = Vec::new();
    for cause in &status.causes {
        let text = if cause.field.is_empty() {
            cause.message.to_string()
        } else {
            format!("{}: {}", cause.field, cause.message)
        };
        if !causes.contains(&text) {
            causes.push(text);
        }
    }
    match causes.as_slice() {
        [] if status.kind.is_none() && !status.message.is_empty() => format!("{about}: {}", status.message),
        [] => about,
        [one] => format!("{about}: {one}\n"),
        many => {
            let mut text = format!("{about}: \n");
            for cause in many {
                text.push_str("* ");
                text.push_str(cause);
                text.push('\n');
            }
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Cause, CauseType, Kind};

    fn cause(field: &'static str, message: &'static str) -> Cause {
        Cause { kind: CauseType::Invalid, field: field.into(), message: message.into() }
    }

    #[test]
    fn an_api_error_names_its_reason_and_the_file() {
        let missing = Status::not_found(Kind::StatefulSet, "web");
        assert_eq!(
            Failure::from(missing.clone()).render(),
            "Error from server (NotFound): statefulsets.apps \"web\" not found\n"
        );
        assert_eq!(
            Failure::from_source(missing, "deleting", "w.yaml").render(),
            "Error from server (NotFound): error when deleting \"w.yaml\": statefulsets.apps \"web\" not found\n"
        );
    }

    #[test]
    fn an_invalid_object_lists_its_causes_once_each() {
        let one = Status::invalid(
            Kind::StatefulSet,
            "web",
            vec![cause("spec.replicas", "Invalid value: -1: must be greater than or equal to 0")],
        );
        assert_eq!(
            Failure::from_source(one, "creating", "w.yaml").render(),
            "The StatefulSet \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0\n"
        );
        let twice = Status::invalid(
            Kind::Service,
            "s",
            vec![cause("a", "Required value"), cause("b", "Required value"), cause("a", "Required value")],
        );
        assert_eq!(
            Failure::from(twice).render(),
            "The Service \"s\" is invalid: \n* a: Required value\n* b: Required value\n"
        );
    }

    #[test]
    fn beside_others_an_error_of_kubectls_own_loses_its_first_word() {
        let failures = [Failure::from(Status::not_found(Kind::Pod, "a")), Failure::error("no such thing")];
        assert_eq!(
            Failure::render_all(&failures),
            "Error from server (NotFound): pods \"a\" not found\nno such thing\n"
        );
        assert_eq!(Failure::render_all(&failures[1..]), "error: no such thing\n");
    }
}
