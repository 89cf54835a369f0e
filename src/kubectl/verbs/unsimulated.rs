//! Commands that Kubernetes has and the playground does not carry out. Mistakes in their arguments are told as kubectl
//! tells them; the rest is one sentence of our own.

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
    match command.verb.path {
        "debug" if !command.has("image") && !command.has("copy-to") => {
            return Err(Failure::error("you must specify --image when not using --copy-to."));
        }
        "top pod" | "top node" => return Err(Failure::error("Metrics API not available")),
        "completion" => match words.as_slice() {
            [] => return Err(command.usage("Shell not specified.")),
            [shell] if !matches!(shell.as_str(), "bash" | "zsh" | "fish" | "powershell") => {
                return Err(command.usage(format!("Unsupported shell type \"{shell}\".")));
            }
            [_] => {}
            _ => return Err(command.usage("Too many arguments. Expected only the shell type.")),
        },
        path if path.starts_with("create ") => unmade(run)?,
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

/// What can be wrong with `create` of kinds that are not served: what each of them needs at least.
fn unmade(run: &Run<'_, '_>) -> Result<(), Failure> {
    let command = run.command;
    let path = command.verb.path;
    let required: &[&str] = match path {
        "create deployment" => &["image"],
        "create cronjob" => &["image", "schedule"],
        "create clusterrolebinding" => &["clusterrole"],
        _ => &[],
    };
    let missing: Vec<String> =
        required.iter().filter(|flag| !command.has(flag)).map(|flag| format!("\"{flag}\"")).collect();
    if !missing.is_empty() {
        return Err(Failure::error(format!("required flag(s) {} not set", missing.join(", "))));
    }
    let dashed = command.invocation.argv.iter().any(|word| *word == "--");
    if command.words.len() != 1 && !dashed {
        return Err(command.usage(format!("exactly one NAME is required, got {}", command.words.len())));
    }
    let wrong = match path {
        "create job" if !command.has("image") && !command.has("from") => "either --image or --from must be specified",
        "create role" | "create clusterrole" if !command.has("verb") => "at least one verb must be specified",
        "create role" if !command.has("resource") => "at least one resource must be specified",
        _ => return Ok(()),
    };
    Err(Failure::error(wrong))
}
