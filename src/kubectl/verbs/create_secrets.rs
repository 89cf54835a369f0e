//! `kubectl create secret docker-registry` and `tls`.

use super::create_objects::{base64, head, make, only_name};
use crate::api::Kind;
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{Outcome, Run};
use crate::value::{Map, Text, Value, json};

const FAILING: &str = "failed to create secret ";

fn store(run: &mut Run<'_, '_>, name: &Text, kind: &'static str, pairs: &[(&str, &str)]) -> Outcome {
    let mut tree = head(Kind::Secret, name);
    let data: Map = pairs.iter().map(|(key, value)| (Text::copy(key), Value::from(base64(value.as_bytes())))).collect();
    tree.set(&["data"], data);
    tree.set(&["type"], kind);
    make(run, Kind::Secret, tree, "created", FAILING)
}

/// What kubectl writes into a secret where `--docker-server` is not given; nobody is asked there.
const DEFAULT_SERVER: &str = "https://index.docker.io/v1/";

/// `create secret docker-registry NAME`.
pub fn registry(run: &mut Run<'_, '_>) -> Outcome {
    const KEY: &str = ".dockerconfigjson";
    let name = only_name(run)?;
    let flag = |key: &str| run.command.text_or_empty(key).to_owned();
    let file = flag("from-file");
    let (user, password, email) = (flag("docker-username"), flag("docker-password"), flag("docker-email"));
    let server = run.command.text("docker-server").map_or(DEFAULT_SERVER, Text::as_str).to_owned();
    let content = if file.is_empty() {
        if user.is_empty() || password.is_empty() || server.is_empty() {
            return Err(Failure::error(
                "either --from-file or the combination of --docker-username, --docker-password and --docker-server is \
                 required",
            ));
        }
        let quoted = |text: &str| json::to_compact(&Value::Text(Text::copy(text)));
        let email = if email.is_empty() { String::new() } else { format!("\"email\":{},", quoted(&email)) };
        let auth = base64(format!("{user}:{password}").as_bytes());
        let (server, user, password) = (quoted(&server), quoted(&user), quoted(&password));
        format!("{{\"auths\":{{{server}:{{\"username\":{user},\"password\":{password},{email}\"auth\":\"{auth}\"}}}}}}")
    } else {
        let path = file.split_once('=').map_or(file.as_str(), |(_, path)| path);
        let text = run.command.file(path);
        let missing = || Failure::error(format!("error reading {path}: no such file or directory"));
        text.ok_or_else(missing)?.to_string()
    };
    store(run, &name, "kubernetes.io/dockerconfigjson", &[(KEY, &content)])
}

/// `create secret tls NAME`. The certificate is looked at no closer than its armour.
pub fn certificate(run: &mut Run<'_, '_>) -> Outcome {
    let name = only_name(run)?;
    let (cert, key) = (run.command.text_or_empty("cert"), run.command.text_or_empty("key"));
    if cert.is_empty() || key.is_empty() {
        return Err(Failure::error("key and cert must be specified"));
    }
    let mut texts = Vec::new();
    for path in [cert, key] {
        let missing = || Failure::error(format!("open {path}: no such file or directory"));
        texts.push(run.command.file(path).ok_or_else(missing)?);
    }
    let [cert, key] = texts.as_slice() else { return Err(Failure::error("key and cert must be specified")) };
    for (text, what) in [(cert, "certificate"), (key, "key")] {
        if !text.contains("-----BEGIN ") {
            return Err(Failure::error(format!("tls: failed to find any PEM data in {what} input")));
        }
    }
    let (cert, key) = (cert.clone(), key.clone());
    store(run, &name, "kubernetes.io/tls", &[("tls.crt", &cert), ("tls.key", &key)])
}
