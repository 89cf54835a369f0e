//! What can be wrong with commands that look into a container: `logs`, `exec`, `attach`, `port-forward`, `cp`. What they
//! would do inside is not simulated.

use crate::api::{Kind, Reason, Selector, Shared, Status};
use crate::kubectl::command_line::types::{self, ResourceType};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{Next, Outcome, Run};
use crate::value::{Text, Value};

/// What the programs of a world would do inside: nobody simulates it.
fn not_simulated(run: &Run<'_, '_>) -> Outcome {
    Err(super::unsimulated::sentence(run))
}

/// The object that a word names: `web-0`, `sts/web`.
fn named(run: &mut Run<'_, '_>, word: &str) -> Result<(ResourceType, Shared), Failure> {
    let (resource, name) = match word.split_once('/') {
        Some((kind, name)) => {
            let found = types::find(kind)
                .ok_or_else(|| Failure::error(format!("the server doesn't have a resource type \"{kind}\"")))?;
            (found, name)
        }
        None => (types::of_kind(Kind::Pod), word),
    };
    let namespace = run.namespace_for(resource);
    let found = run.get(resource, &namespace, &Text::copy(name)).map_err(|status| {
        if run.command.verb.path == "logs" && status.is_not_found() {
            let (message, namespace) = (&status.message, &run.command.namespace);
            return Failure::error(format!("error from server (NotFound): {message} in namespace \"{namespace}\""));
        }
        status.into()
    })?;
    Ok((resource, found))
}

/// The pod that an object stands for: itself, or the first of those it selects.
fn pod_of(run: &mut Run<'_, '_>, object: &Shared, doing: &str) -> Result<Option<Shared>, Failure> {
    let selector = match object.kind {
        Kind::Pod => return Ok(Some(object.clone())),
        Kind::StatefulSet => Selector::from_label_selector(object.tree.at(&["spec", "selector"])).unwrap_or_default(),
        Kind::Service => Selector::from_labels(object.tree.at(&["spec", "selector"])),
        kind => {
            let go = format!("*v1.{}", kind.name());
            return Err(Failure::error(format!("cannot {doing} {go}: selector for {go} not implemented")));
        }
    };
    let name = &object.meta.name;
    if selector.is_empty() {
        let why = format!("invalid service '{name}': Service is defined without a selector");
        return Err(Failure::error(format!("cannot {doing} *v1.{}: {why}", object.kind.name())));
    }
    let namespace = run.command.namespace.clone();
    let pods = run.list(types::of_kind(Kind::Pod), &namespace, selector, Vec::new())?;
    if doing == "get the logs from" && pods.len() > 1 {
        let first = pods.first().map(|pod| pod.meta.name.clone()).unwrap_or_default();
        run.complain(format!("Found {} pods, using pod/{first}", pods.len()));
    }
    Ok(pods.first().cloned())
}

/// The names of a pod's containers: first those that stay, then those that prepare.
fn containers(pod: &Shared) -> Vec<(Text, bool)> {
    let of = |list: &'static str, init: bool| {
        let items = pod.tree.at(&["spec", list]).items();
        items.iter().map(move |item| (item.at(&["name"]).text(), init)).collect::<Vec<_>>()
    };
    let mut all = of("containers", false);
    all.extend(of("initContainers", true));
    all
}

/// The container that is meant: the one named, or the first.
fn container(run: &mut Run<'_, '_>, pod: &Shared, asked: &str) -> Result<Text, Failure> {
    let all = containers(pod);
    let listed: Vec<String> =
        all.iter().map(|(name, init)| format!("{name}{}", if *init { " (init)" } else { "" })).collect();
    let listed = listed.join(", ");
    let preset = pod.tree.at(&["metadata", "annotations", "kubectl.kubernetes.io/default-container"]).text();
    let asked = if asked.is_empty() { preset.as_str() } else { asked };
    if asked.is_empty() {
        let first = all.first().map(|(name, _)| name.clone()).unwrap_or_default();
        if all.len() > 1 && !run.command.is("quiet") {
            run.complain(format!("Defaulted container \"{first}\" out of: {listed}"));
        }
        return Ok(first);
    }
    match all.iter().find(|(name, _)| *name == *asked) {
        Some((name, _)) => Ok(name.clone()),
        None => {
            let pod = &pod.meta.name;
            Err(Failure::error(format!("container {asked} is not valid for pod {pod} out of: {listed}")))
        }
    }
}

/// Begins `logs`.
pub fn logs(run: &mut Run<'_, '_>) -> Outcome {
    const USAGE: &str = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required \
                         argument for the logs command";
    let command = run.command;
    let flag = |name: &str| command.text_or_empty(name);
    let labels = flag("selector");
    let (word, inline) = match command.words.as_slice() {
        [] if !labels.is_empty() => ("", ""),
        [_] if !labels.is_empty() => return Err(command.usage("only a selector (-l) or a POD name is allowed")),
        [word] => (word.as_str(), ""),
        [word, container] => (word.as_str(), container.as_str()),
        _ => return Err(command.usage(USAGE)),
    };
    let object = if word.is_empty() {
        let selector = Selector::parse(labels).map_err(Failure::error)?;
        let found = run.list(types::of_kind(Kind::Pod), &command.namespace, selector, Vec::new())?;
        if found.is_empty() {
            run.complain(format!("No resources found in {} namespace.", command.namespace));
            return Ok(Next::End);
        }
        None
    } else {
        Some(named(run, word)?.1)
    };
    let asked = if inline.is_empty() { flag("container") } else { inline };
    let below = |name: &str, least: i64| command.int(name).is_some_and(|number| number < least);
    let wrong = if !flag("since-time").is_empty() && command.milliseconds("since").is_some_and(|ms| ms != 0) {
        "at most one of `sinceTime` or `sinceSeconds` may be specified".to_owned()
    } else if command.is("all-containers") && !asked.is_empty() {
        format!("--all-containers=true should not be specified with container name {asked}")
    } else if command.has("container") && !inline.is_empty() {
        "only one of -c or an inline [CONTAINER] arg is allowed".to_owned()
    } else if below("limit-bytes", 0) {
        "--limit-bytes must be greater than 0".to_owned()
    } else if command.milliseconds("since").is_some_and(|ms| ms < 0) {
        "--since must be greater than 0".to_owned()
    } else if below("tail", -1) {
        "--tail must be greater than or equal to -1".to_owned()
    } else {
        String::new()
    };
    if !wrong.is_empty() {
        return Err(Failure::error(wrong));
    }
    let pod = match object {
        Some(object) => pod_of(run, &object, "get the logs from")?,
        None => None,
    };
    let Some(pod) = pod.filter(|_| !command.is("all-containers")) else { return not_simulated(run) };
    let name = container(run, &pod, asked)?;
    if pod.tree.at(&["spec", "nodeName"]).is_null() {
        // A pod without a node has nothing to say.
        return Ok(Next::End);
    }
    match no_log(&pod, &name, command.is("previous")) {
        Some(why) => Err(Status::plain(Reason::BadRequest, why).into()),
        None => not_simulated(run),
    }
}

/// Why a node agent has no log of a container.
fn no_log(pod: &Shared, name: &Text, previous: bool) -> Option<String> {
    let subject = format!("container \"{name}\" in pod \"{}\"", pod.meta.name);
    let status = ["containerStatuses", "initContainerStatuses"].into_iter().find_map(|list| {
        let all = pod.tree.at(&["status", list]).items();
        all.iter().find(|status| status.at(&["name"]).str_or_empty() == name.as_str())
    })?;
    let ended = |state: &str| !status.at(&[state, "terminated", "containerID"]).str_or_empty().is_empty();
    if previous {
        return (!ended("lastState")).then(|| format!("previous terminated {subject} not found"));
    }
    if ended("lastState") {
        return None;
    }
    let why = match status.at(&["state", "waiting", "reason"]).as_str()? {
        "ErrImagePull" => "image can't be pulled",
        "ImagePullBackOff" => "trying and failing to pull image",
        reason => reason,
    };
    Some(format!("{subject} is waiting to start: {why}"))
}

/// Begins `exec` and `attach`.
pub fn enter(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let words = &command.words;
    let attaching = command.verb.path == "attach";
    if attaching && words.is_empty() {
        return Err(Failure::error("at least 1 argument is required for attach"));
    }
    let argv = &command.invocation.argv;
    let behind = argv.iter().position(|word| *word == "--").map(|at| argv.len() - at - 1);
    let before = words.len() - behind.unwrap_or(0).min(words.len());
    if !attaching {
        let files = command.has("filename");
        if (behind.is_none() || before > 1) && (words.len() > 1 || (!words.is_empty() && files)) {
            let text = "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead";
            return Err(command.usage(text));
        }
        if before == 0 && !files {
            return Err(Failure::error("pod, type/name or --filename must be specified"));
        }
        if behind.unwrap_or(0) == 0 {
            return Err(Failure::error("you must specify at least one command for the container"));
        }
    }
    let Some(word) = words.first().filter(|_| before > 0) else { return not_simulated(run) };
    let (_, object) = named(run, word)?;
    if let Some(pod) = pod_of(run, &object, "attach to")? {
        let phase = pod.tree.at(&["status", "phase"]).text();
        if matches!(phase.as_str(), "Succeeded" | "Failed") {
            let doing = if attaching { "attach a container in" } else { "exec into a container in" };
            return Err(Failure::error(format!("cannot {doing} a completed pod; current phase is {phase}")));
        }
        container(run, &pod, command.text_or_empty("container"))?;
    }
    not_simulated(run)
}

/// The number of a port that is named or numbered.
fn port_number(ports: &Value, number: &'static str, port: &str) -> Option<i64> {
    let named = |item: &&Value| item.at(&["name"]).str_or_empty() == port;
    port.parse().ok().or_else(|| ports.items().iter().find(named)?.at(&[number]).as_i64())
}

/// Begins `port-forward`.
pub fn port_forward(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let [word, ports @ ..] = command.words.as_slice() else { return Err(too_few(run)) };
    if ports.is_empty() {
        return Err(too_few(run));
    }
    let (_, object) = named(run, word)?;
    let Some(pod) = pod_of(run, &object, "attach to")? else { return not_simulated(run) };
    for port in ports {
        let remote = port.split_once(':').map_or(port.as_str(), |(_, remote)| remote);
        let name = &object.meta.name;
        if object.kind == Kind::Service {
            let known = object.tree.at(&["spec", "ports"]);
            let Some(number) = port_number(known, "port", remote) else {
                let why = format!("Service '{name}' does not have a named port '{remote}'");
                return Err(Failure::error(why));
            };
            if !known.items().iter().any(|item| item.at(&["port"]).as_i64() == Some(number)) {
                return Err(Failure::error(format!("Service {name} does not have a service port {number}")));
            }
            continue;
        }
        if remote.is_empty() {
            return Err(Failure::error("remote port cannot be empty"));
        }
        let known = pod.tree.at(&["spec", "containers"]).items();
        if !known.iter().any(|one| port_number(one.at(&["ports"]), "containerPort", remote).is_some()) {
            let why = format!("Pod '{}' does not have a named port '{remote}'", pod.meta.name);
            return Err(Failure::error(why));
        }
    }
    let phase = pod.tree.at(&["status", "phase"]).text();
    if phase != "Running" {
        let why = format!("unable to forward port because pod is not running. Current status={phase}");
        return Err(Failure::error(why));
    }
    not_simulated(run)
}

fn too_few(run: &Run<'_, '_>) -> Failure {
    run.command.usage("TYPE/NAME and list of ports are required for port-forward")
}

/// Begins `cp`.
pub fn copy(run: &mut Run<'_, '_>) -> Outcome {
    let [from, to] = run.command.words.as_slice() else {
        return Err(Failure::error("source and destination are required"));
    };
    let mut places = Vec::new();
    for word in [from, to] {
        let (pod, path) = word.split_once(':').map_or((None, word.as_str()), |(pod, path)| (Some(pod), path));
        if pod.is_some_and(|pod| pod.is_empty() || pod.matches('/').count() > 1) {
            let why = "filespec must match the canonical format: [[namespace/]pod:]file/path";
            return Err(Failure::error(why));
        }
        places.push((pod, path));
    }
    let wrong = match places.as_slice() {
        [(Some(_), _), (Some(_), _)] => Some("one of src or dest must be a local file specification".to_owned()),
        [(_, from), (_, to)] if from.is_empty() || to.is_empty() => Some("filepath can not be empty".to_owned()),
        [(None, _), (None, _)] => Some("one of src or dest must be a remote file specification".to_owned()),
        [(None, from), _] if run.command.file(from).is_none() => {
            Some(format!("{from} doesn't exist in local filesystem"))
        }
        _ => None,
    };
    if let Some(wrong) = wrong {
        return Err(Failure::error(wrong));
    }
    let word = places.iter().find_map(|(pod, _)| *pod).unwrap_or_default();
    let (namespace, name) = match word.split_once('/') {
        Some((namespace, name)) => (Text::copy(namespace), name),
        None => (run.command.namespace.clone(), word),
    };
    let pod = run.get(types::of_kind(Kind::Pod), &namespace, &Text::copy(name))?;
    container(run, &pod, run.command.text_or_empty("container"))?;
    not_simulated(run)
}

/// Begins `autoscale`.
pub fn autoscale(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    let Some(most) = command.int("max") else { return Err(Failure::error("required flag(s) \"max\" not set")) };
    let least = command.int("min").unwrap_or(-1);
    if most < 1 {
        return Err(Failure::error(format!("--max=MAXPODS is required and must be at least 1, max: {most}")));
    }
    if most < least {
        return Err(Failure::error(format!(
            "--max=MAXPODS must be larger or equal to --min=MINPODS, max: {most}, min: {least}"
        )));
    }
    if command.int("cpu-percent").is_some_and(|percent| percent > 0) && !command.text_or_empty("cpu").is_empty() {
        return Err(Failure::error("--cpu-percent and --cpu are mutually exclusive"));
    }
    for target in super::named_query(run, false)?.targets(run) {
        super::live(run, &target?)?;
    }
    not_simulated(run)
}
