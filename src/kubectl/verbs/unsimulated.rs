//! Commands that Kubernetes has and the playground does not carry out. Mistakes in their arguments are told as kubectl
//! tells them; the rest is one sentence of our own.

use crate::kubectl::command_line::types;
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{Outcome, Run};

/// What is said instead of doing it.
pub fn sentence(run: &Run<'_, '_>) -> Failure {
    let why = match run.command.verb.path {
        "logs" => "its containers print nothing",
        "exec" | "attach" | "cp" | "debug" => "there are no processes and no files in its containers",
        "port-forward" | "proxy" => "there is no network to reach",
        "autoscale" => "nothing here scales by itself",
        path if path.starts_with("create ") => "its cluster knows StatefulSets and what belongs to them",
        _ => "it has no meaning in this small cluster",
    };
    Failure::plain(format!("The playground does not simulate `kubectl {}`: {why}.", run.command.verb.path))
}

/// Begins any of them.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let words = &command.words;
    let pod_missing = |run: &mut Run<'_, '_>| {
        let name = run.command.words.first().cloned().unwrap_or_default();
        let name = name.split_once('/').map_or(name.clone(), |(_, name)| crate::value::Text::copy(name));
        let resource = types::of_kind(crate::api::Kind::Pod);
        let namespace = run.namespace_for(resource);
        run.get(resource, &namespace, &name).err()
    };
    let names_pod = words.first().is_some_and(|word| {
        word.split_once('/').is_none_or(|(kind, _)| types::find(kind).is_some_and(|kind| kind.plural == "pods"))
    });
    match command.verb.path {
        "logs" if words.is_empty() && !command.has("selector") => {
            return Err(command.usage(
                "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the \
                 logs command",
            ));
        }
        "logs" if names_pod => {
            if let Some(status) = pod_missing(run) {
                let namespace = &run.command.namespace;
                return Err(Failure::error(format!(
                    "error from server ({}): {} in namespace \"{namespace}\"",
                    status.reason.as_str(),
                    status.message
                )));
            }
        }
        "exec" if words.is_empty() && !command.has("filename") => {
            return Err(Failure::error("pod, type/name or --filename must be specified"));
        }
        "exec" if words.len() < 2 => {
            return Err(Failure::error("you must specify at least one command for the container"));
        }
        "attach" if words.is_empty() => {
            return Err(Failure::error("at least 1 argument is required for attach"));
        }
        "exec" | "attach" if names_pod => {
            if let Some(status) = pod_missing(run) {
                return Err(status.into());
            }
        }
        "cp" if words.len() < 2 => return Err(Failure::error("source and destination are required")),
        "port-forward" if words.len() < 2 => {
            return Err(command.usage("TYPE/NAME and list of ports are required for port-forward"));
        }
        "debug" if !command.has("image") && !command.has("copy-to") => {
            return Err(Failure::error("you must specify --image when not using --copy-to."));
        }
        "autoscale" if !command.has("max") => return Err(Failure::error("required flag(s) \"max\" not set")),
        "top pod" | "top node" => return Err(Failure::error("Metrics API not available")),
        "completion" if words.is_empty() => return Err(command.usage("Shell not specified.")),
        "kustomize" => {
            return Err(Failure::error(
                "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory \
                 '/home/user/lab'",
            ));
        }
        _ => {}
    }
    Err(sentence(run))
}
