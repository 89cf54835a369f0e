//! Flags that several verbs share.

use crate::kubectl::command_line::{Flag, Takes, long, short};

pub(super) const FILES: &[Flag] =
    &[short("filename", 'f', Takes::Text), short("kustomize", 'k', Takes::Text), short("recursive", 'R', Takes::Bool)];
pub(super) const DRY: &[Flag] = &[long("dry-run", Takes::TextOr("unchanged"))];
pub(super) const MANAGER: &[Flag] = &[long("field-manager", Takes::Text)];
pub(super) const OUTPUT: &[Flag] = &[
    short("output", 'o', Takes::Text),
    long("template", Takes::Text),
    long("allow-missing-template-keys", Takes::Bool),
    long("show-managed-fields", Takes::Bool),
];
pub(super) const LABELS: &[Flag] = &[short("selector", 'l', Takes::Text)];
pub(super) const FIELDS: &[Flag] = &[long("field-selector", Takes::Text)];
pub(super) const ALL: &[Flag] = &[long("all", Takes::Bool)];
pub(super) const NAMESPACES: &[Flag] = &[short("all-namespaces", 'A', Takes::Bool)];
pub(super) const VALIDATE: &[Flag] = &[long("validate", Takes::TextOr("strict"))];
pub(super) const CHUNKS: &[Flag] = &[long("chunk-size", Takes::Int)];
pub(super) const SAVE: &[Flag] = &[long("save-config", Takes::Bool)];
pub(super) const RAW: &[Flag] = &[long("raw", Takes::Text)];
pub(super) const TIMEOUT: &[Flag] = &[long("timeout", Takes::Duration)];
pub(super) const RESOURCE_VERSION: &[Flag] = &[long("resource-version", Takes::Text)];
pub(super) const SUBRESOURCE: &[Flag] = &[long("subresource", Takes::Text)];
pub(super) const LOCAL: &[Flag] = &[long("local", Takes::Bool)];
pub(super) const CONTAINERS: &[Flag] = &[short("containers", 'c', Takes::Text)];
pub(super) const TOP: &[Flag] = &[
    long("containers", Takes::Bool),
    long("no-headers", Takes::Bool),
    long("show-capacity", Takes::Bool),
    long("sort-by", Takes::Text),
    long("sum", Takes::Bool),
    long("use-protocol-buffers", Takes::Bool),
];
pub(super) const INSIDE: &[Flag] = &[
    short("container", 'c', Takes::Text),
    short("stdin", 'i', Takes::Bool),
    short("tty", 't', Takes::Bool),
    short("quiet", 'q', Takes::Bool),
    long("pod-running-timeout", Takes::Duration),
];
/// The flags of `create` for kinds that are not served.
pub(super) const OTHER_KINDS: &[Flag] = &[
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
pub(super) const CREATE: &[&[Flag]] = &[DRY, MANAGER, OUTPUT, SAVE, VALIDATE];
pub(super) const RECORD: &[Flag] = &[long("record", Takes::Bool)];
