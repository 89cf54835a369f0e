//! Verbs that look closer.

use super::flags::{CHUNKS, FILES, INSIDE, LABELS, NAMESPACES, OUTPUT};
use super::{Verb, verb};
use crate::kubectl::command_line::{Takes, long, short};
use crate::kubectl::verbs::{describe, events, help, info, inside, unsimulated};

/// These verbs, in the order of kubectl's own groups.
pub static VERBS: &[Verb] = &[
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
        inside::logs,
    ),
    verb("attach", "Attach to a container (not simulated)", &[INSIDE], inside::enter),
    verb("exec", "Run a program in a container (not simulated)", &[FILES, INSIDE], inside::enter),
    verb(
        "port-forward",
        "Reach a port of a pod (not simulated)",
        &[&[long("address", Takes::Text), long("pod-running-timeout", Takes::Duration)]],
        inside::port_forward,
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
        inside::copy,
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
];
