//! A command while it runs: what it may touch, what it prints, what it does next.

use std::rc::Rc;

use super::command_line::types::ResourceType;
use super::command_line::{Command, FieldRequirement};
use super::errors::Failure;
use super::kubeconfig::Kubeconfig;
use super::process::{Line, OpenFile, Session, Stream};
use super::verbs::Step;
use crate::api::{Kind, Reason, Selector, Shared, Status};
use crate::apiserver::{FieldValidation, ListOptions, Reply, Request, Subresource, Verb};
use crate::time::Time;
use crate::value::Text;

/// What a command has said so far.
#[derive(Clone, Debug, Default)]
pub struct Console {
    /// What was printed.
    pub lines: Rc<Vec<Line>>,
    /// What went wrong and is told at the end.
    pub failures: Vec<Failure>,
    /// The exit code, where a failure does not decide it.
    pub code: i32,
    /// Warnings already printed: each is printed once.
    warned: Vec<Text>,
    /// The configuration that the command has written.
    pub config: Option<Rc<Kubeconfig>>,
    /// The file that waits in an editor, or did last.
    pub editor: Option<Rc<OpenFile>>,
    /// What was saved there; nothing where it was closed as it was.
    pub saved: Option<Text>,
    /// What was changed in the editor, as the words of commands that do the same.
    pub sent: Vec<Vec<String>>,
    /// The file that the command has left behind: its path, and what is in it.
    pub left: Option<(Text, Text)>,
}

impl Console {
    /// Prints a piece of text.
    pub fn print(&mut self, at: Time, stream: Stream, text: &str) {
        if !text.is_empty() {
            Rc::make_mut(&mut self.lines).push(Line { at, stream, text: Text::copy(text) });
        }
    }
}

/// What a command does after a step.
#[derive(Clone, Debug)]
pub enum Next {
    /// It ends.
    End,
    /// It sends its next request.
    Go(Step),
    /// It sleeps until this moment.
    At(Step, Time),
    /// It sleeps until something changes, or until this moment if there is one.
    OnChange(Step, Option<Time>),
    /// It waits until its editor is closed.
    Editor(Step),
}

/// What a step answers: what comes next, or a failure that ends the command at once.
pub type Outcome = Result<Next, Failure>;

/// A command at work.
#[derive(Debug)]
pub struct Run<'r, 's> {
    /// What was typed.
    pub command: &'r Command,
    /// The API server and the moment.
    pub session: &'r mut Session<'s>,
    /// What it says.
    pub console: &'r mut Console,
}

impl Run<'_, '_> {
    /// Now.
    pub fn now(&self) -> Time {
        self.session.now
    }

    /// Prints to standard output, as it is.
    pub fn out(&mut self, text: &str) {
        self.console.print(self.session.now, Stream::Out, text);
    }

    /// Prints a line to standard output.
    pub fn line(&mut self, text: impl AsRef<str>) {
        self.out(&format!("{}\n", text.as_ref()));
    }

    /// Prints a line to standard error.
    pub fn complain(&mut self, text: impl AsRef<str>) {
        let text = format!("{}\n", text.as_ref());
        self.console.print(self.session.now, Stream::Err, &text);
    }

    /// Keeps a failure that does not end the command; it is told at the end.
    pub fn fail(&mut self, failure: impl Into<Failure>) {
        self.console.failures.push(failure.into());
    }

    /// Sends a request; prints the server's warnings.
    ///
    /// # Errors
    /// What the API server answers.
    pub fn send(&mut self, mut request: Request) -> Result<Reply, Status> {
        request.manager = self.manager(&request);
        if request.kind == Kind::Endpoints {
            // The server says so with every answer, whatever it is.
            self.warn("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
        }
        let reply = self.session.client.send(request)?;
        for warning in &reply.warnings {
            self.warn(warning);
        }
        Ok(reply)
    }

    /// Under which name the fields that a request writes will be managed.
    fn manager(&self, request: &Request) -> Text {
        if let Some(name) = self.command.text("field-manager").filter(|name| !name.is_empty()) {
            return name.clone();
        }
        let path = self.command.verb.path;
        let verb = path.split(' ').next().unwrap_or(path);
        match verb {
            _ if request.apply.is_some() || request.subresource == Subresource::Scale => "kubectl".into(),
            "apply" => "kubectl-client-side-apply".into(),
            "rollout" if path.ends_with("undo") => "kubectl".into(),
            "create" | "edit" | "patch" | "replace" | "label" | "annotate" | "run" | "expose" | "set" | "rollout"
            | "taint" => Text::from(format!("kubectl-{verb}")),
            _ => "kubectl".into(),
        }
    }

    /// Prints a warning of the server, once.
    pub fn warn(&mut self, warning: &str) {
        if self.console.warned.iter().any(|seen| *seen == *warning) {
            return;
        }
        self.console.warned.push(Text::copy(warning));
        self.complain(format!("Warning: {warning}"));
    }

    /// The namespace in which objects of a type are looked for.
    pub fn namespace_for(&self, resource: ResourceType) -> Text {
        if resource.namespaced { self.command.namespace.clone() } else { Text::default() }
    }

    /// Reads one object.
    ///
    /// # Errors
    /// NotFound.
    pub fn get(&mut self, resource: ResourceType, namespace: &Text, name: &Text) -> Result<Shared, Status> {
        let Some(kind) = resource.kind else {
            let missing =
                !namespace.is_empty() && self.session.client.get(Kind::Namespace, &Text::default(), namespace).is_err();
            return Err(if missing {
                Status::not_found(Kind::Namespace, namespace)
            } else {
                let what = resource.qualified_plural();
                Status::plain(Reason::NotFound, format!("{what} \"{name}\" not found"))
            });
        };
        self.one(Request::new(kind, namespace, name, Verb::Get))
    }

    /// Sends a request that answers with one object.
    ///
    /// # Errors
    /// What the API server answers.
    pub fn one(&mut self, request: Request) -> Result<Shared, Status> {
        let (kind, name) = (request.kind, request.name.clone());
        self.send(request)?.object.ok_or_else(|| Status::not_found(kind, &name))
    }

    /// Lists the objects of a type.
    ///
    /// # Errors
    /// A field that cannot be selected by.
    pub fn list(
        &mut self,
        resource: ResourceType,
        namespace: &Text,
        labels: Selector,
        fields: Vec<FieldRequirement>,
    ) -> Result<Vec<Shared>, Status> {
        let Some(kind) = resource.kind else {
            return Ok(Vec::new());
        };
        let verb = Verb::List(ListOptions { labels, fields });
        let reply = self.send(Request::new(kind, namespace, &Text::default(), verb))?;
        Ok(reply.items)
    }

    /// The store's version now: everything committed later is news.
    pub fn version(&mut self) -> u64 {
        let verb = Verb::List(ListOptions::default());
        self.session
            .client
            .send(Request::new(Kind::Namespace, &Text::default(), &Text::default(), verb))
            .map_or(0, |reply| reply.resource_version)
    }

    /// How the server treats unknown fields of what this command sends: `--validate`, or what `default` says.
    pub fn validation(&self, default: FieldValidation) -> FieldValidation {
        match self.command.text("validate").map(Text::as_str) {
            Some("strict" | "true") => FieldValidation::Strict,
            Some("warn") => FieldValidation::Warn,
            Some("ignore" | "false") => FieldValidation::Ignore,
            _ => default,
        }
    }
}

/// `--dry-run`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DryRun {
    /// Not given: the command does what it says.
    No,
    /// Nothing is sent.
    Client,
    /// The server stops before it stores.
    Server,
}

impl DryRun {
    /// Reads the flag.
    ///
    /// # Errors
    /// A value that it does not have.
    pub fn of(command: &Command) -> Result<Self, Failure> {
        match command.text("dry-run").map(Text::as_str) {
            None | Some("none" | "0" | "f" | "F" | "false" | "FALSE" | "False") => Ok(Self::No),
            Some("client" | "unchanged" | "1" | "t" | "T" | "true" | "TRUE" | "True") => Ok(Self::Client),
            Some("server") => Ok(Self::Server),
            Some(other) => Err(Failure::error(format!(
                "Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."
            ))),
        }
    }

    /// What kubectl's log says of a form of the flag that has gone out of use.
    pub fn deprecated(self, command: &Command) -> Option<String> {
        match (self, command.text("dry-run").map_or("", Text::as_str)) {
            (_, "" | "none" | "client" | "server") => None,
            (_, "unchanged") => Some("--dry-run is deprecated and can be replaced with --dry-run=client.".to_owned()),
            (form, given) => {
                let new = if form == Self::No { "none" } else { "client" };
                Some(format!(
                    "--dry-run={given} is deprecated (boolean value) and can be replaced with --dry-run={new}."
                ))
            }
        }
    }

    /// What stands after what was done.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::No => "",
            Self::Client => " (dry run)",
            Self::Server => " (server dry run)",
        }
    }

    /// Whether the server is told to stop before it stores.
    pub fn server(self) -> bool {
        self == Self::Server
    }
}
