//! The table of verbs: what each is called, which flags it has, where it begins.

use super::{
    apply, create, create_objects as objects, delete, describe, events, get, help, label, patch,
    rollout_status, scale, wait,
};
use crate::kubectl::command_line::{Flag, Takes, long, short};
use crate::kubectl::run::{Outcome, Run};

/// The name of the one context, cluster and user of a configuration here.
pub const CONTEXT: &str = "playground";

/// One command of kubectl.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    /// Its words after `kubectl`.
    pub path: &'static str,
    /// Other names for the last of them.
    pub aliases: &'static [&'static str],
    /// Its flags besides the global ones.
    pub flags: &'static [&'static [Flag]],
    /// Whether it checks files before it sends them.
    pub validates: bool,
    /// What it does with an object of a file, as its errors call it.
    pub doing: &'static str,
    /// What it is for, in one line of our own.
    pub about: &'static str,
    /// Where it begins.
    pub start: fn(&mut Run<'_, '_>) -> Outcome,
}

impl Verb {
    /// `kubectl rollout status`.
    pub fn full_path(&self) -> String {
        if self.path.is_empty() {
            "kubectl".to_owned()
        } else {
            format!("kubectl {}", self.path)
        }
    }

    /// `rollout` of `rollout status`.
    pub fn parent(&self) -> &'static str {
        self.path.rsplit_once(' ').map_or("", |(parent, _)| parent)
    }

    /// `status` of `rollout status`.
    pub fn name(&self) -> &'static str {
        self.path.rsplit_once(' ').map_or(self.path, |(_, name)| name)
    }
}

const fn verb(
    path: &'static str,
    about: &'static str,
    flags: &'static [&'static [Flag]],
    start: fn(&mut Run<'_, '_>) -> Outcome,
) -> Verb {
    Verb { path, aliases: &[], flags, validates: false, doing: "", about, start }
}

const fn of_files(verb: Verb, doing: &'static str) -> Verb {
    Verb { validates: true, doing, ..verb }
}

const fn aka(verb: Verb, aliases: &'static [&'static str]) -> Verb {
    Verb { aliases, ..verb }
}

const FILES: &[Flag] = &[
    short("filename", 'f', Takes::Text),
    short("kustomize", 'k', Takes::Text),
    short("recursive", 'R', Takes::Bool),
];
const DRY: &[Flag] = &[long("dry-run", Takes::TextOr("unchanged"))];
const MANAGER: &[Flag] = &[long("field-manager", Takes::Text)];
const OUTPUT: &[Flag] = &[
    short("output", 'o', Takes::Text),
    long("template", Takes::Text),
    long("allow-missing-template-keys", Takes::Bool),
    long("show-managed-fields", Takes::Bool),
];
const LABELS: &[Flag] = &[short("selector", 'l', Takes::Text)];
const FIELDS: &[Flag] = &[long("field-selector", Takes::Text)];
const ALL: &[Flag] = &[long("all", Takes::Bool)];
const NAMESPACES: &[Flag] = &[short("all-namespaces", 'A', Takes::Bool)];
const VALIDATE: &[Flag] = &[long("validate", Takes::TextOr("strict"))];
const CHUNKS: &[Flag] = &[long("chunk-size", Takes::Int)];
const SAVE: &[Flag] = &[long("save-config", Takes::Bool)];
const RAW: &[Flag] = &[long("raw", Takes::Text)];
const TIMEOUT: &[Flag] = &[long("timeout", Takes::Duration)];
const RESOURCE_VERSION: &[Flag] = &[long("resource-version", Takes::Text)];
const SUBRESOURCE: &[Flag] = &[long("subresource", Takes::Text)];
const CREATE: &[&[Flag]] = &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE];

/// Every verb, in the order of kubectl's own groups (suggestions are made in this order).
static VERBS: &[Verb] = &[
    of_files(
        verb(
            "create",
            "Store the objects of a file, or one made from flags",
            &[
                FILES,
                DRY,
                MANAGER,
                OUTPUT,
                SAVE,
                VALIDATE,
                LABELS,
                RAW,
                &[long("edit", Takes::Bool), long("windows-line-endings", Takes::Bool)],
            ],
            create::start,
        ),
        "creating",
    ),
    aka(verb("create namespace", "Make a namespace", CREATE, objects::namespace), &["ns"]),
    aka(
        verb(
            "create configmap",
            "Make a ConfigMap",
            &[
                DRY,
                MANAGER,
                OUTPUT,
                SAVE,
                VALIDATE,
                &[
                    long("append-hash", Takes::Bool),
                    long("from-env-file", Takes::Text),
                    long("from-file", Takes::Text),
                    long("from-literal", Takes::Text),
                ],
            ],
            objects::config_map,
        ),
        &["cm"],
    ),
    verb("create secret", "Make a Secret", &[], help::group),
    verb(
        "create secret generic",
        "Make a Secret from literals or files",
        &[
            DRY,
            MANAGER,
            OUTPUT,
            SAVE,
            VALIDATE,
            &[
                long("append-hash", Takes::Bool),
                long("from-env-file", Takes::Text),
                long("from-file", Takes::Text),
                long("from-literal", Takes::Text),
                long("type", Takes::Text),
            ],
        ],
        objects::secret,
    ),
    aka(verb("create service", "Make a Service", &[], help::group), &["svc"]),
    verb(
        "create service clusterip",
        "Make a Service with an address in the cluster, or a headless one",
        &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, &[long("clusterip", Takes::Text), long("tcp", Takes::Text)]],
        objects::service,
    ),
    verb(
        "create service externalname",
        "Make a Service that is another name",
        &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, &[long("external-name", Takes::Text), long("tcp", Takes::Text)]],
        objects::service,
    ),
    verb(
        "create service loadbalancer",
        "Make a Service with a load balancer",
        &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, &[long("tcp", Takes::Text)]],
        objects::service,
    ),
    verb(
        "create service nodeport",
        "Make a Service with a port on every node",
        &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, &[long("node-port", Takes::Int), long("tcp", Takes::Text)]],
        objects::service,
    ),
    aka(
        verb("create serviceaccount", "Make a ServiceAccount", CREATE, objects::service_account),
        &["sa"],
    ),
    aka(
        verb(
            "create poddisruptionbudget",
            "Make a PodDisruptionBudget",
            &[
                DRY,
                MANAGER,
                OUTPUT,
                SAVE,
                VALIDATE,
                &[
                    long("max-unavailable", Takes::Text),
                    long("min-available", Takes::Text),
                    long("selector", Takes::Text),
                ],
            ],
            objects::disruption_budget,
        ),
        &["pdb"],
    ),
    of_files(
        verb(
            "get",
            "Show objects, or watch them",
            &[
                FILES,
                OUTPUT,
                LABELS,
                FIELDS,
                NAMESPACES,
                CHUNKS,
                RAW,
                SUBRESOURCE,
                &[
                    long("ignore-not-found", Takes::Bool),
                    short("label-columns", 'L', Takes::Text),
                    long("no-headers", Takes::Bool),
                    long("output-watch-events", Takes::Bool),
                    long("server-print", Takes::Bool),
                    long("show-kind", Takes::Bool),
                    long("show-labels", Takes::Bool),
                    long("sort-by", Takes::Text),
                    short("watch", 'w', Takes::Bool),
                    long("watch-only", Takes::Bool),
                ],
            ],
            get::start,
        ),
        "getting",
    ),
    of_files(
        verb(
            "delete",
            "Remove objects",
            &[
                FILES,
                DRY,
                LABELS,
                FIELDS,
                ALL,
                NAMESPACES,
                TIMEOUT,
                RAW,
                &[
                    long("cascade", Takes::TextOr("background")),
                    long("force", Takes::Bool),
                    long("grace-period", Takes::Int),
                    long("ignore-not-found", Takes::Bool),
                    short("interactive", 'i', Takes::Bool),
                    long("now", Takes::Bool),
                    short("output", 'o', Takes::Text),
                    long("wait", Takes::Bool),
                ],
            ],
            delete::start,
        ),
        "deleting",
    ),
    verb("rollout", "Follow, undo or restart an update", &[], help::group),
    verb(
        "rollout status",
        "Follow an update until it is done",
        &[
            FILES,
            LABELS,
            TIMEOUT,
            &[long("revision", Takes::Int), short("watch", 'w', Takes::Bool)],
        ],
        rollout_status::start,
    ),
    verb(
        "scale",
        "Set the number of replicas",
        &[
            FILES,
            DRY,
            OUTPUT,
            LABELS,
            ALL,
            TIMEOUT,
            RESOURCE_VERSION,
            &[long("current-replicas", Takes::Int), long("replicas", Takes::Int)],
        ],
        scale::start,
    ),
    verb(
        "describe",
        "Tell an object's story",
        &[FILES, LABELS, NAMESPACES, CHUNKS, &[long("show-events", Takes::Bool)]],
        describe::start,
    ),
    verb(
        "events",
        "List events in the order of time",
        &[
            OUTPUT,
            NAMESPACES,
            CHUNKS,
            &[
                long("for", Takes::Text),
                long("no-headers", Takes::Bool),
                long("types", Takes::Text),
                short("watch", 'w', Takes::Bool),
            ],
        ],
        events::start,
    ),
    of_files(
        verb(
            "apply",
            "Bring objects to what a file says",
            &[
                FILES,
                DRY,
                MANAGER,
                OUTPUT,
                LABELS,
                VALIDATE,
                ALL,
                TIMEOUT,
                SUBRESOURCE,
                &[
                    long("cascade", Takes::TextOr("background")),
                    long("force", Takes::Bool),
                    long("force-conflicts", Takes::Bool),
                    long("grace-period", Takes::Int),
                    long("openapi-patch", Takes::Bool),
                    long("overwrite", Takes::Bool),
                    long("prune", Takes::Bool),
                    long("prune-allowlist", Takes::Text),
                    long("server-side", Takes::Bool),
                    long("wait", Takes::Bool),
                    long("applyset", Takes::Text),
                ],
            ],
            apply::start,
        ),
        "creating",
    ),
    verb(
        "apply view-last-applied",
        "Show what was applied last",
        &[FILES, LABELS, ALL, &[short("output", 'o', Takes::Text)]],
        apply::view_last,
    ),
    of_files(
        verb(
            "apply set-last-applied",
            "Set what counts as applied last",
            &[FILES, DRY, OUTPUT, &[long("create-annotation", Takes::Bool)]],
            apply::set_last,
        ),
        "applying",
    ),
    verb(
        "patch",
        "Change fields of an object",
        &[
            FILES,
            DRY,
            MANAGER,
            OUTPUT,
            SUBRESOURCE,
            &[
                long("local", Takes::Bool),
                short("patch", 'p', Takes::Text),
                long("patch-file", Takes::Text),
                long("type", Takes::Text),
            ],
        ],
        patch::start,
    ),
    verb(
        "wait",
        "Wait until a condition holds",
        &[
            FILES,
            OUTPUT,
            LABELS,
            FIELDS,
            ALL,
            NAMESPACES,
            TIMEOUT,
            &[long("for", Takes::Text), long("local", Takes::Bool)],
        ],
        wait::start,
    ),
    verb(
        "label",
        "Set or remove labels",
        &[
            FILES,
            DRY,
            MANAGER,
            OUTPUT,
            LABELS,
            FIELDS,
            ALL,
            NAMESPACES,
            RESOURCE_VERSION,
            &[long("list", Takes::Bool), long("local", Takes::Bool), long("overwrite", Takes::Bool)],
        ],
        label::start,
    ),
    verb(
        "annotate",
        "Set or remove annotations",
        &[
            FILES,
            DRY,
            MANAGER,
            OUTPUT,
            LABELS,
            FIELDS,
            ALL,
            NAMESPACES,
            RESOURCE_VERSION,
            &[long("list", Takes::Bool), long("local", Takes::Bool), long("overwrite", Takes::Bool)],
        ],
        label::start_annotate,
    ),
    verb("help", "Show what there is", &[], help::start),
];

static ROOT: Verb = verb("", "", &[], help::group);

/// kubectl itself.
pub fn root() -> &'static Verb {
    &ROOT
}

/// Every verb.
pub fn all() -> impl Iterator<Item = &'static Verb> {
    VERBS.iter()
}

/// The verb of this name below another one.
pub fn below(parent: &Verb, name: &str) -> Option<&'static Verb> {
    children(parent).find(|verb| verb.name() == name || verb.aliases.contains(&name))
}

/// The verbs below another one.
pub fn children(parent: &Verb) -> impl Iterator<Item = &'static Verb> {
    let path = parent.path;
    all().filter(move |verb| !verb.path.is_empty() && verb.parent() == path)
}

/// The names of the verbs right after `kubectl`.
pub fn top_level() -> impl Iterator<Item = &'static str> {
    children(root()).map(Verb::name)
}
