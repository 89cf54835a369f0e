//! The table of verbs: what each is called, which flags it has, where it begins.

use super::{
    apply, create, create_objects as objects, delete, describe, diff, drain, events, get, help, info, label, node,
    patch, replace, rollout, rollout_status, run_pod, scale, set, unsimulated, wait,
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
const LOCAL: &[Flag] = &[long("local", Takes::Bool)];
const CONTAINERS: &[Flag] = &[short("containers", 'c', Takes::Text)];
const TOP: &[Flag] = &[
    long("containers", Takes::Bool),
    long("no-headers", Takes::Bool),
    long("show-capacity", Takes::Bool),
    long("sort-by", Takes::Text),
    long("sum", Takes::Bool),
    long("use-protocol-buffers", Takes::Bool),
];
const INSIDE: &[Flag] = &[
    short("container", 'c', Takes::Text),
    short("stdin", 'i', Takes::Bool),
    short("tty", 't', Takes::Bool),
    short("quiet", 'q', Takes::Bool),
    long("pod-running-timeout", Takes::Duration),
];
/// The flags of `create` for kinds that are not served.
const OTHER_KINDS: &[Flag] = &[
    long("image", Takes::Text),
    long("replicas", Takes::Int),
    long("port", Takes::Int),
    long("schedule", Takes::Text),
    long("restart", Takes::Text),
    long("from", Takes::Text),
    long("rule", Takes::Text),
    long("class", Takes::Text),
    long("hard", Takes::Text),
    long("scopes", Takes::Text),
    long("verb", Takes::Text),
    long("resource", Takes::Text),
    long("resource-name", Takes::Text),
    long("role", Takes::Text),
    long("clusterrole", Takes::Text),
    long("user", Takes::Text),
    long("group", Takes::Text),
    long("serviceaccount", Takes::Text),
    long("value", Takes::Int),
    long("global-default", Takes::Bool),
    long("description", Takes::Text),
    long("duration", Takes::Duration),
    long("annotation", Takes::Text),
    long("default-backend", Takes::Text),
];
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
    verb("create clusterrole", "Make a ClusterRole (not simulated)", &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, OTHER_KINDS], unsimulated::start),
    verb("create clusterrolebinding", "Make a ClusterRoleBinding (not simulated)", &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, OTHER_KINDS], unsimulated::start),
    aka(verb("create cronjob", "Make a CronJob (not simulated)", &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, OTHER_KINDS], unsimulated::start), &["cj"]),
    aka(verb("create deployment", "Make a Deployment (not simulated)", &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, OTHER_KINDS], unsimulated::start), &["deploy"]),
    aka(verb("create ingress", "Make a Ingress (not simulated)", &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, OTHER_KINDS], unsimulated::start), &["ing"]),
    verb("create job", "Make a Job (not simulated)", &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, OTHER_KINDS], unsimulated::start),
    aka(verb("create priorityclass", "Make a PriorityClass (not simulated)", &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, OTHER_KINDS], unsimulated::start), &["pc"]),
    aka(verb("create quota", "Make a ResourceQuota (not simulated)", &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, OTHER_KINDS], unsimulated::start), &["resourcequota"]),
    verb("create role", "Make a Role (not simulated)", &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, OTHER_KINDS], unsimulated::start),
    verb("create rolebinding", "Make a RoleBinding (not simulated)", &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, OTHER_KINDS], unsimulated::start),
    verb("create token", "Make a token (not simulated)", &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE, OTHER_KINDS], unsimulated::start),
    verb(
        "expose",
        "Make a Service for an object",
        &[
            FILES,
            DRY,
            MANAGER,
            OUTPUT,
            SAVE,
            &[
                long("cluster-ip", Takes::Text),
                long("external-ip", Takes::Text),
                short("labels", 'l', Takes::Text),
                long("load-balancer-ip", Takes::Text),
                long("name", Takes::Text),
                long("override-type", Takes::Text),
                long("overrides", Takes::Text),
                long("port", Takes::Int),
                long("protocol", Takes::Text),
                long("selector", Takes::Text),
                long("session-affinity", Takes::Text),
                long("target-port", Takes::Text),
                long("type", Takes::Text),
            ],
        ],
        run_pod::expose,
    ),
    verb(
        "run",
        "Make a pod that runs an image",
        &[
            DRY,
            MANAGER,
            OUTPUT,
            SAVE,
            TIMEOUT,
            &[
                long("annotations", Takes::Text),
                long("attach", Takes::Bool),
                long("command", Takes::Bool),
                long("env", Takes::Text),
                long("expose", Takes::Bool),
                long("image", Takes::Text),
                long("image-pull-policy", Takes::Text),
                short("labels", 'l', Takes::Text),
                long("leave-stdin-open", Takes::Bool),
                long("overrides", Takes::Text),
                long("pod-running-timeout", Takes::Duration),
                long("port", Takes::Int),
                long("privileged", Takes::Bool),
                short("quiet", 'q', Takes::Bool),
                long("restart", Takes::Text),
                long("rm", Takes::Bool),
                short("stdin", 'i', Takes::Bool),
                short("tty", 't', Takes::Bool),
            ],
        ],
        run_pod::start,
    ),
    verb("set", "Change single features of objects", &[], help::group),
    verb("set image", "Change images", &[FILES, DRY, MANAGER, OUTPUT, LABELS, ALL, LOCAL], set::image),
    verb(
        "set env",
        "Change environment variables",
        &[
            FILES,
            DRY,
            MANAGER,
            OUTPUT,
            LABELS,
            ALL,
            LOCAL,
            CONTAINERS,
            &[
                short("env", 'e', Takes::Text),
                long("from", Takes::Text),
                long("keys", Takes::Text),
                long("list", Takes::Bool),
                long("overwrite", Takes::Bool),
                long("prefix", Takes::Text),
                long("resolve", Takes::Bool),
            ],
        ],
        set::env,
    ),
    verb(
        "set resources",
        "Change requests and limits",
        &[
            FILES,
            DRY,
            MANAGER,
            OUTPUT,
            LABELS,
            ALL,
            LOCAL,
            CONTAINERS,
            &[long("limits", Takes::Text), long("requests", Takes::Text)],
        ],
        set::resources,
    ),
    aka(
        verb(
            "set serviceaccount",
            "Change the service account",
            &[FILES, DRY, MANAGER, OUTPUT, ALL, LOCAL],
            set::service_account,
        ),
        &["sa"],
    ),
    verb(
        "set selector",
        "Change the selector of a Service",
        &[FILES, DRY, MANAGER, OUTPUT, ALL, LOCAL, RESOURCE_VERSION],
        set::selector,
    ),
    verb(
        "set subject",
        "Change the subjects of a role binding",
        &[
            FILES,
            DRY,
            MANAGER,
            OUTPUT,
            LABELS,
            ALL,
            LOCAL,
            &[long("group", Takes::Text), long("serviceaccount", Takes::Text), long("user", Takes::Text)],
        ],
        set::subject,
    ),
    verb(
        "explain",
        "Tell the fields of a kind",
        &[&[
            long("api-version", Takes::Text),
            long("output", Takes::Text),
            long("recursive", Takes::Bool),
        ]],
        info::explain,
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
    verb(
        "edit",
        "Change an object in an editor",
        &[FILES, MANAGER, OUTPUT, LABELS, SAVE, SUBRESOURCE, VALIDATE, &[long("output-patch", Takes::Bool)]],
        replace::edit,
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
        "rollout history",
        "List the revisions of an update",
        &[FILES, OUTPUT, LABELS, &[long("revision", Takes::Int)]],
        rollout::history,
    ),
    verb(
        "rollout undo",
        "Go back to an earlier revision",
        &[FILES, DRY, OUTPUT, LABELS, &[long("to-revision", Takes::Int)]],
        rollout::undo,
    ),
    verb("rollout restart", "Make all pods anew", &[FILES, OUTPUT, LABELS, MANAGER], rollout::restart),
    verb("rollout pause", "Hold an update (not of sets)", &[FILES, OUTPUT, LABELS, MANAGER], rollout::pause),
    verb("rollout resume", "Let an update go on (not of sets)", &[FILES, OUTPUT, LABELS, MANAGER], rollout::pause),
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
        "autoscale",
        "Let the number of replicas follow the load (not simulated)",
        &[
            FILES,
            DRY,
            MANAGER,
            OUTPUT,
            SAVE,
            &[
                long("cpu-percent", Takes::Int),
                long("cpu", Takes::Text),
                long("max", Takes::Int),
                long("memory", Takes::Text),
                long("min", Takes::Int),
                long("name", Takes::Text),
            ],
        ],
        unsimulated::start,
    ),
    verb("certificate", "Sign certificates (not simulated)", &[], help::topics),
    verb("cluster-info", "Tell where the cluster is", &[], info::cluster_info),
    verb("cluster-info dump", "Tell everything about the cluster (not simulated)", &[OUTPUT, NAMESPACES], unsimulated::start),
    verb("top", "Show usage (there are no metrics)", &[], help::group),
    aka(verb("top pod", "Show the usage of pods", &[LABELS, FIELDS, NAMESPACES, TOP], unsimulated::start), &["pods", "po"]),
    aka(verb("top node", "Show the usage of nodes", &[LABELS, TOP], unsimulated::start), &["nodes", "no"]),
    verb("cordon", "Close a node for new pods", &[DRY, LABELS], node::cordon),
    verb("uncordon", "Open a node for new pods", &[DRY, LABELS], node::cordon),
    verb(
        "drain",
        "Empty a node",
        &[
            DRY,
            LABELS,
            CHUNKS,
            TIMEOUT,
            &[
                long("delete-emptydir-data", Takes::Bool),
                long("disable-eviction", Takes::Bool),
                long("force", Takes::Bool),
                long("grace-period", Takes::Int),
                long("ignore-daemonsets", Takes::Bool),
                long("pod-selector", Takes::Text),
                long("skip-wait-for-delete-timeout", Takes::Int),
            ],
        ],
        drain::start,
    ),
    verb(
        "taint",
        "Set or remove taints of nodes",
        &[DRY, MANAGER, OUTPUT, LABELS, ALL, VALIDATE, &[long("overwrite", Takes::Bool)]],
        node::taint,
    ),
    verb(
        "describe",
        "Tell an object's story",
        &[FILES, LABELS, NAMESPACES, CHUNKS, &[long("show-events", Takes::Bool)]],
        describe::start,
    ),
    verb(
        "logs",
        "Print what a container printed (not simulated)",
        &[
            LABELS,
            &[
                long("all-containers", Takes::Bool),
                long("all-pods", Takes::Bool),
                short("container", 'c', Takes::Text),
                short("follow", 'f', Takes::Bool),
                long("ignore-errors", Takes::Bool),
                long("limit-bytes", Takes::Int),
                long("max-log-requests", Takes::Int),
                long("pod-running-timeout", Takes::Duration),
                long("prefix", Takes::Bool),
                short("previous", 'p', Takes::Bool),
                long("since", Takes::Duration),
                long("since-time", Takes::Text),
                long("tail", Takes::Int),
                long("timestamps", Takes::Bool),
            ],
        ],
        unsimulated::start,
    ),
    verb("attach", "Attach to a container (not simulated)", &[INSIDE], unsimulated::start),
    verb("exec", "Run a program in a container (not simulated)", &[FILES, INSIDE], unsimulated::start),
    verb(
        "port-forward",
        "Reach a port of a pod (not simulated)",
        &[&[long("address", Takes::Text), long("pod-running-timeout", Takes::Duration)]],
        unsimulated::start,
    ),
    verb(
        "proxy",
        "Reach the API server (not simulated)",
        &[&[
            long("accept-hosts", Takes::Text),
            long("address", Takes::Text),
            long("api-prefix", Takes::Text),
            short("port", 'p', Takes::Int),
            long("www", Takes::Text),
        ]],
        unsimulated::start,
    ),
    verb(
        "cp",
        "Copy files to and from containers (not simulated)",
        &[&[short("container", 'c', Takes::Text), long("no-preserve", Takes::Bool), long("retries", Takes::Int)]],
        unsimulated::start,
    ),
    verb("auth", "Ask what you may do", &[], help::group),
    verb(
        "auth can-i",
        "Ask whether you may do something",
        &[
            NAMESPACES,
            &[
                long("list", Takes::Bool),
                long("no-headers", Takes::Bool),
                short("quiet", 'q', Takes::Bool),
                long("subresource", Takes::Text),
            ],
        ],
        info::can_i,
    ),
    verb("auth whoami", "Tell who you are", &[OUTPUT], info::whoami),
    verb(
        "debug",
        "Look into a pod with another container (not simulated)",
        &[
            FILES,
            INSIDE,
            &[
                long("arguments-only", Takes::Bool),
                long("attach", Takes::Bool),
                long("copy-to", Takes::Text),
                long("env", Takes::Text),
                long("image", Takes::Text),
                long("image-pull-policy", Takes::Text),
                long("profile", Takes::Text),
                long("replace", Takes::Bool),
                long("same-node", Takes::Bool),
                long("set-image", Takes::Text),
                long("share-processes", Takes::Bool),
                long("target", Takes::Text),
            ],
        ],
        unsimulated::start,
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
            "diff",
            "Show what apply would change",
            &[
                FILES,
                MANAGER,
                LABELS,
                &[
                    long("concurrency", Takes::Int),
                    long("force-conflicts", Takes::Bool),
                    long("prune", Takes::Bool),
                    long("prune-allowlist", Takes::Text),
                    long("server-side", Takes::Bool),
                    long("show-managed-fields", Takes::Bool),
                ],
            ],
            diff::start,
        ),
        "getting",
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
    of_files(
        verb(
            "replace",
            "Put what a file says in the place of objects",
            &[
                FILES,
                DRY,
                MANAGER,
                OUTPUT,
                SAVE,
                VALIDATE,
                TIMEOUT,
                RAW,
                SUBRESOURCE,
                &[
                    long("cascade", Takes::TextOr("background")),
                    long("force", Takes::Bool),
                    long("grace-period", Takes::Int),
                    long("wait", Takes::Bool),
                ],
            ],
            replace::start,
        ),
        "replacing",
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
    verb("kustomize", "Build a kustomization (not simulated)", &[], unsimulated::start),
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
    verb("completion", "Print completion code for a shell (not simulated)", &[], unsimulated::start),
    verb("config", "Look at the configuration", &[], help::group),
    verb(
        "config view",
        "Show the configuration",
        &[OUTPUT, &[long("flatten", Takes::Bool), long("merge", Takes::Bool), long("minify", Takes::Bool), long("raw", Takes::Bool)]],
        info::config_view,
    ),
    verb("config current-context", "Tell the context in use", &[], info::current_context),
    verb(
        "config get-contexts",
        "List the contexts",
        &[&[long("no-headers", Takes::Bool), short("output", 'o', Takes::Text)]],
        info::get_contexts,
    ),
    verb("config get-clusters", "List the clusters", &[], info::get_names),
    verb("config get-users", "List the users", &[], info::get_names),
    aka(verb("config use-context", "Use a context", &[], info::use_context), &["use"]),
    verb(
        "config set-context",
        "Change a context (not simulated)",
        &[&[long("current", Takes::Bool)]],
        info::read_only,
    ),
    verb("plugin", "List plugins (there are none)", &[], help::group),
    verb(
        "version",
        "Tell the version",
        &[&[long("client", Takes::Bool), short("output", 'o', Takes::Text), long("short", Takes::Bool)]],
        info::version,
    ),
    verb("api-versions", "List the versions of the API", &[], info::api_versions),
    verb(
        "api-resources",
        "List the types of objects",
        &[&[
            long("api-group", Takes::Text),
            long("cached", Takes::Bool),
            long("categories", Takes::Text),
            long("namespaced", Takes::Bool),
            long("no-headers", Takes::Bool),
            short("output", 'o', Takes::Text),
            long("sort-by", Takes::Text),
            long("verbs", Takes::Text),
        ]],
        info::api_resources,
    ),
    verb("options", "List the flags that every command takes", &[], info::options),
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
