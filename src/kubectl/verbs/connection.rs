//! What every command needs before its first request: a context, a user, a server that answers.

use crate::kubectl::command_line::quoted;
use crate::kubectl::errors::Failure;
use crate::kubectl::kubeconfig::{ADDRESS, NOWHERE};
use crate::kubectl::run::Run;
use crate::value::Text;

/// How often kubectl asks for the API groups until it gives up.
const ATTEMPTS: usize = 5;

/// Checks the flags that every command hands to its connection, and what the configuration says.
///
/// # Errors
/// A context, cluster or user that does not exist, a malformed timeout, a server that nobody hears.
pub fn check(run: &mut Run<'_, '_>) -> Result<(), Failure> {
    let command = run.command;
    if let Some(path) = command.text("kubeconfig").filter(|path| !path.is_empty()) {
        return Err(Failure::error(format!("stat {path}: no such file or directory")));
    }
    let first = command.verb.path.split(' ').next().unwrap_or("");
    let alone = matches!(first, "" | "config" | "options" | "help" | "completion" | "plugin" | "kustomize");
    if alone || (first == "version" && command.is("client")) {
        return Ok(());
    }
    let config = command.invocation.config.clone();
    let flag = |name: &str| command.text(name).filter(|value| !value.is_empty());
    if let Some(user) = flag("user").filter(|user| first != "create" && !config.users.contains(*user)) {
        return Err(Failure::error(format!("auth info {} does not exist", quoted(user))));
    }
    let context = config.context(flag("context"));
    if context.is_none() {
        if let Some(name) = flag("context") {
            return Err(Failure::error(format!("context {} does not exist", quoted(name))));
        }
        if !config.current.is_empty() {
            return Err(Failure::plain(format!(
                "Error in configuration: context was not found for specified context: {}",
                config.current
            )));
        }
    }
    let cluster = match flag("cluster") {
        Some(name) if !config.clusters.contains(name) => {
            return Err(Failure::error(format!("cluster {} does not exist", quoted(name))));
        }
        Some(name) => Some(name),
        None => context.map(|context| &context.cluster).filter(|name| config.clusters.contains(*name)),
    };
    command.request_timeout()?;
    let server = match (flag("server"), cluster) {
        (Some(server), _) if is_ours(server) => ADDRESS,
        (Some(server), _) => server,
        (None, Some(_)) => ADDRESS,
        (None, None) => NOWHERE,
    };
    if server != ADDRESS {
        return Err(unheard(run, server));
    }
    let user = flag("user").or(context.map(|context| &context.user)).filter(|user| config.users.contains(*user));
    if user.is_none() && flag("token").is_none() {
        return Err(Failure::error("You must be logged in to the server (Unauthorized)"));
    }
    Ok(())
}

/// Whether an address is that of the cluster.
fn is_ours(server: &Text) -> bool {
    let host = server.split_once("://").map_or(server.as_str(), |(_, host)| host);
    matches!(host.trim_end_matches('/'), "127.0.0.1:6443" | "localhost:6443")
}

/// What kubectl says of a server that does not answer; the log of a program comes first.
fn unheard(run: &mut Run<'_, '_>, server: &str) -> Failure {
    let (scheme, host) = server.split_once("://").unwrap_or(("http", server));
    let host = host.trim_end_matches('/');
    let (name, port) = host.rsplit_once(':').unwrap_or((host, if scheme == "https" { "443" } else { "80" }));
    let is_address = name == "localhost" || name.chars().all(|c| c.is_ascii_digit() || c == '.');
    let address = if name == "localhost" { "127.0.0.1" } else { name };
    let why = if is_address {
        format!("dial tcp {address}:{port}: connect: connection refused")
    } else {
        format!("dial tcp: lookup {name}: no such host")
    };
    let command = run.command;
    let file = command.text("filename").filter(|_| command.verb.validates && command.verb.path != "diff");
    if let Some(file) = file
        && !matches!(command.text_or_empty("validate"), "false" | "ignore")
    {
        return Failure::error(format!(
            "error validating {}: error validating data: failed to download openapi: Get {}: {why}; if you choose to ignore \
             these errors, turn validation off with --validate=false",
            quoted(file),
            quoted(&format!("{scheme}://{host}/openapi/v2?timeout=32s"))
        ));
    }
    if command.verb.path == "version" {
        run.line(format!("Client Version: {}", super::info::VERSION));
        run.line(format!("Kustomize Version: {}", super::info::KUSTOMIZE));
    } else {
        let asked = quoted(&format!("{scheme}://{host}/api?timeout=32s"));
        let error = quoted(&format!("couldn't get current server API group list: Get {asked}: {why}"));
        for _ in 0..ATTEMPTS {
            let prefix = super::log_prefix(run, 'E');
            run.complain(format!("{prefix} memcache.go:265] \"Unhandled Error\" err={error}"));
        }
    }
    Failure::plain(if is_address {
        format!("The connection to the server {host} was refused - did you specify the right host or port?")
    } else {
        format!("Unable to connect to the server: {why}")
    })
}
