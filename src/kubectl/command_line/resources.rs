//! Which objects a command means: `sts,po`, `sts/web`, `pods web-0 web-1`, `-l`, `--all`, `-f`
//! (`reference/api-defaults-validation.md` §6).

use super::FieldRequirement;
use super::types::{self, ResourceType};
use crate::api::selector::parse_fields;
use crate::api::{Selector, Shared};
use crate::apiserver::parse_selector;
use crate::kubectl::errors::Failure;
use crate::kubectl::files::{self, Document};
use crate::kubectl::run::Run;
use crate::value::{Text, Value};

/// What kubectl says where no resource is named.
pub const MISSING_RESOURCE: &str = "You must provide one or more resources by argument or filename.\n\
    Example resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   \
    '<resource> <name>'\n   '<resource>'";

/// How a command lets its objects be named.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools)]
pub struct Request<'a> {
    /// The words that name resources.
    pub words: &'a [Text],
    /// `-f`.
    pub files: &'a [Text],
    /// `-l`.
    pub labels: Option<&'a str>,
    /// `--field-selector`.
    pub fields: Option<&'a str>,
    /// `--all`.
    pub all: bool,
    /// `-A`.
    pub all_namespaces: bool,
    /// A type alone means all objects of it.
    pub type_alone: bool,
    /// Only one type may be named.
    pub single_type: bool,
}

/// Which objects a command means.
#[derive(Clone, Debug)]
pub enum Query {
    /// Those that stand in files and have these labels there.
    Files(Vec<Text>, Selector),
    /// All of these types that a selector chooses.
    Select {
        /// The types.
        types: Vec<ResourceType>,
        /// Parsed `-l`.
        labels: Selector,
        /// Parsed `--field-selector`.
        fields: Vec<FieldRequirement>,
        /// `-l` as written.
        labels_text: Text,
        /// `--field-selector` as written.
        fields_text: Text,
        /// Whether every namespace is meant.
        all_namespaces: bool,
    },
    /// Those with these names.
    Names(Vec<(ResourceType, Text)>),
}

/// One object that a command works on.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its type.
    pub resource: ResourceType,
    /// Its namespace; empty for cluster-scoped types.
    pub namespace: Text,
    /// Its name.
    pub name: Text,
    /// The file it comes from; empty without one.
    pub source: Text,
    /// What stands in that file.
    pub manifest: Value,
    /// Whether the file left the namespace open.
    pub fills_namespace: bool,
    /// The object as a list has shown it.
    pub live: Option<Shared>,
}

impl Target {
    /// `statefulset.apps/web`.
    pub fn shown(&self) -> String {
        // A name that the server has yet to make is not known.
        let name = if self.name.is_empty() { "<unknown>" } else { self.name.as_str() };
        format!("{}/{name}", self.resource.qualified_singular())
    }
}

/// Finds a type, or says that there is none.
fn find(word: &str) -> Result<ResourceType, Failure> {
    types::find(word).ok_or_else(|| {
        let name = word.split('.').next().unwrap_or(word);
        Failure::error(format!("the server doesn't have a resource type \"{name}\""))
    })
}

fn find_all(words: &str) -> Result<Vec<ResourceType>, Failure> {
    let mut found = Vec::new();
    for word in words.split(',') {
        let named = if word == "all" { types::category_all().collect() } else { vec![find(word)?] };
        for resource in named {
            if !found.contains(&resource) {
                found.push(resource);
            }
        }
    }
    Ok(found)
}

/// `type/name`, each to its type and name.
fn pairs(words: &[String]) -> Result<Vec<(ResourceType, Text)>, Failure> {
    let mut pairs = Vec::new();
    for word in words {
        let parts: Vec<&str> = word.split('/').collect();
        match parts.as_slice() {
            [kind, name] if !kind.is_empty() && !name.is_empty() && !kind.contains(',') => {
                pairs.push((*kind, Text::copy(name)));
            }
            [_, _] => {
                return Err(Failure::error("arguments in resource/name form must have a single resource and name"));
            }
            _ => {
                return Err(Failure::error("arguments in resource/name form may not have more than one slash"));
            }
        }
    }
    pairs.into_iter().map(|(kind, name)| Ok((find(kind)?, name))).collect()
}

impl Query {
    /// Reads the arguments of a command.
    ///
    /// # Errors
    /// What kubectl says about a wrong combination, an unknown type or a malformed selector.
    pub fn read(request: &Request<'_>) -> Result<Self, Failure> {
        let mut words: Vec<String> = request.words.iter().map(ToString::to_string).collect();
        if let [first, names @ ..] = words.as_slice()
            && !names.is_empty()
            && first.contains(',')
        {
            words = first.split(',').flat_map(|kind| names.iter().map(move |name| format!("{kind}/{name}"))).collect();
        }
        let slashed = words.iter().filter(|word| word.contains('/')).count();
        if slashed > 0 && slashed != words.len() {
            return Err(Failure::error(
                "there is no need to specify a resource type as a separate argument when passing arguments in \
                 resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource \
                 resource/<resource_name>'",
            ));
        }
        let by_pair = slashed > 0;
        let named = if by_pair { pairs(&words)? } else { Vec::new() };
        let (kinds, listed) = match words.split_first() {
            Some((kinds, listed)) if !by_pair => (kinds.as_str(), listed),
            _ => ("", &[][..]),
        };
        if !request.files.is_empty() {
            return Self::of_files(request, kinds, listed, by_pair);
        }
        let selecting = request.all
            || request.labels.is_some()
            || request.fields.is_some()
            || (request.type_alone && !kinds.is_empty() && listed.is_empty());
        if selecting {
            return Self::selected(request, kinds, listed, by_pair);
        }
        if by_pair {
            if request.all_namespaces {
                return Err(Failure::error("a resource cannot be retrieved by name across all namespaces"));
            }
            return Self::one_type_only(request, named.iter().map(|(kind, _)| *kind)).map(|()| Self::Names(named));
        }
        if kinds.is_empty() {
            return Err(Failure::error(MISSING_RESOURCE));
        }
        let found = find_all(kinds)?;
        if listed.is_empty() {
            return Err(Failure::error("resource(s) were provided, but no name was specified"));
        }
        let [kind] = found.as_slice() else {
            return Err(Failure::error("you must specify only one resource"));
        };
        if request.all_namespaces && kind.namespaced {
            return Err(Failure::error("a resource cannot be retrieved by name across all namespaces"));
        }
        Ok(Self::Names(listed.iter().map(|name| (*kind, Text::copy(name))).collect()))
    }

    fn of_files(request: &Request<'_>, kinds: &str, names: &[String], by_pair: bool) -> Result<Self, Failure> {
        let more = match (by_pair, kinds.is_empty(), names.is_empty()) {
            (true, ..) => "resource/name arguments cannot be provided when a path is specified",
            (false, false, _) => {
                "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well"
            }
            (false, true, false) => "name cannot be provided when a path is specified",
            _ => return Self::files(request.files.to_vec(), request.labels.unwrap_or("")),
        };
        Err(Failure::error(more))
    }

    /// The objects of files that have these labels there.
    ///
    /// # Errors
    /// A malformed selector.
    pub fn files(paths: Vec<Text>, labels: &str) -> Result<Self, Failure> {
        let labels = parse_selector(labels)
            .map_err(|why| Failure::error(format!("the provided selector \"{labels}\" is not valid: {why}")))?;
        Ok(Self::Files(paths, labels))
    }

    fn one_type_only(request: &Request<'_>, kinds: impl Iterator<Item = ResourceType>) -> Result<(), Failure> {
        let mut seen: Vec<ResourceType> = Vec::new();
        for kind in kinds {
            if !seen.contains(&kind) {
                seen.push(kind);
            }
        }
        if request.single_type && seen.len() > 1 {
            return Err(Failure::error("you may only specify a single resource type"));
        }
        Ok(())
    }

    fn selected(request: &Request<'_>, kinds: &str, names: &[String], by_pair: bool) -> Result<Self, Failure> {
        if !names.is_empty() {
            return Err(Failure::error("name cannot be provided when a selector is specified"));
        }
        if by_pair {
            return Err(Failure::error(
                "selectors and the all flag cannot be used when passing resource/name arguments",
            ));
        }
        if kinds.is_empty() {
            return Err(Failure::error("at least one resource must be specified to use a selector"));
        }
        let found = find_all(kinds)?;
        Self::one_type_only(request, found.iter().copied())?;
        let labels_text = Text::copy(request.labels.unwrap_or(""));
        let fields_text = Text::copy(request.fields.unwrap_or(""));
        let refused = |error: String| {
            let first = found.first().map(|kind| kind.go_resource()).unwrap_or_default();
            Failure::from(crate::api::Status::bad_request(not_found_by(&first, &labels_text, &fields_text, &error)))
        };
        let labels = parse_selector(&labels_text).map_err(refused)?;
        let fields = parse_fields(&fields_text).map_err(refused)?;
        Ok(Self::Select {
            types: found,
            labels,
            fields,
            labels_text,
            fields_text,
            all_namespaces: request.all_namespaces,
        })
    }

    /// Whether exactly one object was asked for by its name.
    pub fn is_single(&self) -> bool {
        matches!(self, Self::Names(names) if names.len() == 1)
    }

    /// The objects meant, in order; those of a selection are listed now, the others are only named.
    pub fn targets(&self, run: &mut Run<'_, '_>) -> Vec<Result<Target, Failure>> {
        match self {
            Self::Files(paths, labels) => files::documents(run.command, paths)
                .into_iter()
                .filter(|document| document.as_ref().map_or(true, |document| labels.matches(document.labels())))
                .map(|document| document.map(Target::of_document))
                .collect(),
            Self::Names(names) => names
                .iter()
                .map(|(resource, name)| {
                    Ok(Target {
                        resource: *resource,
                        namespace: run.namespace_for(*resource),
                        name: name.clone(),
                        source: Text::default(),
                        manifest: Value::Null,
                        fills_namespace: false,
                        live: None,
                    })
                })
                .collect(),
            Self::Select { types, .. } => types
                .iter()
                .flat_map(|resource| match self.list(*resource, run) {
                    Ok(items) => items.into_iter().map(|item| Ok(Target::of_live(*resource, item))).collect(),
                    Err(failure) => vec![Err(failure)],
                })
                .collect(),
        }
    }

    /// The objects of one type that a selection chooses.
    ///
    /// # Errors
    /// A field that cannot be selected by.
    pub fn list(&self, resource: ResourceType, run: &mut Run<'_, '_>) -> Result<Vec<Shared>, Failure> {
        let Self::Select { labels, fields, labels_text, fields_text, all_namespaces, .. } = self else {
            return Ok(Vec::new());
        };
        let namespace = if *all_namespaces { Text::default() } else { run.namespace_for(resource) };
        run.list(resource, &namespace, labels.clone(), fields.clone()).map_err(|status| {
            let message = not_found_by(&resource.go_resource(), labels_text, fields_text, &status.message);
            Failure::from(status.with_message(message))
        })
    }
}

fn not_found_by(resource: &str, labels: &str, fields: &str, why: &str) -> String {
    format!("Unable to find \"{resource}\" that match label selector \"{labels}\", field selector \"{fields}\": {why}")
}

impl Target {
    fn of_document(document: Document) -> Self {
        Self {
            resource: document.resource,
            namespace: document.namespace,
            name: document.tree.at(&["metadata", "name"]).text(),
            source: document.source,
            manifest: document.tree,
            fills_namespace: document.fills_namespace,
            live: None,
        }
    }

    fn of_live(resource: ResourceType, live: Shared) -> Self {
        Self {
            resource,
            namespace: live.meta.namespace.clone(),
            name: live.meta.name.clone(),
            source: Text::default(),
            manifest: Value::Null,
            fills_namespace: false,
            live: Some(live),
        }
    }
}

/// The values of `-f`, and the complaint about `-k`.
///
/// # Errors
/// `-k`: the working directory is no kustomization.
pub fn sources(command: &super::Command) -> Result<Vec<Text>, Failure> {
    if command.has("kustomize") {
        return Err(Failure::error(
            "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory \
             '/home/user/lab'",
        ));
    }
    Ok(command.list("filename"))
}
