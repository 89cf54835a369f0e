//! What can be wrong with commands that look into containers, or make what is not served.

use std::rc::Rc;

use super::{Stream, Terminal, printed};

const POD: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: two, labels: {app: two}}
spec:
  nodeName: node-1
  initContainers:
  - {name: init, image: 'busybox:1'}
  containers:
  - {name: app, image: 'nginx:1.27', ports: [{name: http, containerPort: 80}]}
  - {name: side, image: 'nginx:1.27'}
---
apiVersion: v1
kind: Service
metadata: {name: two}
spec:
  selector: {app: two}
  ports: [{port: 80, name: web}]
---
apiVersion: v1
kind: Service
metadata: {name: blind}
spec:
  ports: [{port: 80}]
";

/// A pod whose `app` waits and whose `side` runs.
fn terminal() -> Terminal {
    let mut terminal = Terminal::new();
    terminal.file("two.yaml", POD);
    terminal.run("create sa default");
    let (code, _, err) = terminal.run("apply -f two.yaml");
    assert_eq!((code, err.as_str()), (0, ""));
    let status = r#"{"status":{"phase":"Pending","containerStatuses":[
        {"name":"app","ready":false,"restartCount":0,"image":"nginx:1.27","imageID":"","state":{"waiting":{"reason":"ImagePullBackOff"}}},
        {"name":"side","ready":true,"restartCount":0,"image":"nginx:1.27","imageID":"","state":{"running":{}}}]}}"#;
    let (code, _, err) = terminal.run(&format!("patch pod two --subresource=status --type=merge -p '{status}'"));
    assert_eq!((code, err.as_str()), (0, ""));
    terminal
}

#[test]
fn logs_tell_of_wrong_containers_pods_and_flags() {
    let mut terminal = terminal();
    let usage = "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples\n";
    let out_of = "Defaulted container \"app\" out of: app, side, init (init)\n";
    let waits = "Error from server (BadRequest): container \"app\" in pod \"two\" is waiting to start: trying and failing to pull image\n";
    for (line, text) in [
        ("logs", usage.to_owned()),
        ("logs two app extra", usage.to_owned()),
        ("logs gone", "error: error from server (NotFound): pods \"gone\" not found in namespace \"lab\"\n".to_owned()),
        (
            "logs sts/gone",
            "error: error from server (NotFound): statefulsets.apps \"gone\" not found in namespace \"lab\"\n".to_owned(),
        ),
        ("logs foo/x", "error: the server doesn't have a resource type \"foo\"\n".to_owned()),
        ("logs two -c nope", "error: container nope is not valid for pod two out of: app, side, init (init)\n".to_owned()),
        ("logs two", format!("{out_of}{waits}")),
        ("logs svc/two -c app", waits.to_owned()),
        (
            "logs two side -p",
            "Error from server (BadRequest): previous terminated container \"side\" in pod \"two\" not found\n".to_owned(),
        ),
        (
            "logs svc/blind",
            "error: cannot get the logs from *v1.Service: invalid service 'blind': Service is defined without a selector\n"
                .to_owned(),
        ),
        (
            "logs two -l app=two",
            "error: only a selector (-l) or a POD name is allowed\nSee 'kubectl logs -h' for help and examples\n".to_owned(),
        ),
        (
            "logs two --since=5m --since-time=2026-01-01T00:00:00Z",
            "error: at most one of `sinceTime` or `sinceSeconds` may be specified\n".to_owned(),
        ),
        (
            "logs two --all-containers -c app",
            "error: --all-containers=true should not be specified with container name app\n".to_owned(),
        ),
        ("logs two app -c app", "error: only one of -c or an inline [CONTAINER] arg is allowed\n".to_owned()),
        ("logs two --tail=-5", "error: --tail must be greater than or equal to -1\n".to_owned()),
    ] {
        terminal.refuses(line, &text);
    }
    assert_eq!(
        terminal.run("logs -l app=nope"),
        (0, String::new(), "No resources found in lab namespace.\n".to_owned())
    );
}

#[test]
fn exec_attach_port_forward_and_cp_tell_of_wrong_arguments() {
    let mut terminal = terminal();
    terminal.file("here.txt", "x");
    let old = "error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples\n";
    let twice = "error: TYPE/NAME and list of ports are required for port-forward\nSee 'kubectl port-forward -h' for help and examples\n";
    for (line, text) in [
        ("exec", "error: pod, type/name or --filename must be specified\n"),
        ("exec two", "error: you must specify at least one command for the container\n"),
        ("exec two ls", old),
        ("exec -it two sh", old),
        ("exec gone -- ls", "Error from server (NotFound): pods \"gone\" not found\n"),
        ("exec two -c nope -- ls", "error: container nope is not valid for pod two out of: app, side, init (init)\n"),
        ("attach", "error: at least 1 argument is required for attach\n"),
        ("attach gone", "Error from server (NotFound): pods \"gone\" not found\n"),
        ("port-forward two", twice),
        ("port-forward gone 80", "Error from server (NotFound): pods \"gone\" not found\n"),
        ("port-forward two 8080:grpc", "error: Pod 'two' does not have a named port 'grpc'\n"),
        ("port-forward svc/two 8080:grpc", "error: Service 'two' does not have a named port 'grpc'\n"),
        ("port-forward svc/two 8080:81", "error: Service two does not have a service port 81\n"),
        (
            "port-forward two 8080:http",
            "error: unable to forward port because pod is not running. Current status=Pending\n",
        ),
        ("cp a", "error: source and destination are required\n"),
        ("cp a b", "error: one of src or dest must be a remote file specification\n"),
        ("cp two:/a two:/b", "error: one of src or dest must be a local file specification\n"),
        ("cp two:/a ''", "error: filepath can not be empty\n"),
        ("cp a/b/c:/x y", "error: filespec must match the canonical format: [[namespace/]pod:]file/path\n"),
        ("cp gone.txt two:/x", "error: gone.txt doesn't exist in local filesystem\n"),
        ("cp here.txt gone:/x", "Error from server (NotFound): pods \"gone\" not found\n"),
        ("autoscale sts web", "error: required flag(s) \"max\" not set\n"),
        ("autoscale sts web --max=0", "error: --max=MAXPODS is required and must be at least 1, max: 0\n"),
        (
            "autoscale sts web --max=2 --min=3",
            "error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: 2, min: 3\n",
        ),
        ("autoscale sts web --max=2", "Error from server (NotFound): statefulsets.apps \"web\" not found\n"),
    ] {
        terminal.refuses(line, text);
    }
}

#[test]
fn what_is_not_served_is_asked_for_all_that_kubectl_needs() {
    let mut terminal = Terminal::new();
    for (line, text) in [
        ("create deployment d", "error: required flag(s) \"image\" not set\n"),
        ("create cronjob c", "error: required flag(s) \"image\", \"schedule\" not set\n"),
        (
            "create deployment --image=nginx",
            "error: exactly one NAME is required, got 0\nSee 'kubectl create deployment -h' for help and examples\n",
        ),
        ("create job j", "error: either --image or --from must be specified\n"),
        ("create role r", "error: at least one verb must be specified\n"),
        ("create role r --verb=get", "error: at least one resource must be specified\n"),
        (
            "completion tcsh",
            "error: Unsupported shell type \"tcsh\".\nSee 'kubectl completion -h' for help and examples\n",
        ),
        ("api-versions x", "error: unexpected arguments: [x]\nSee 'kubectl api-versions -h' for help and examples\n"),
        ("create -f w.yaml --edit --raw=/x", "error: --raw and --edit are mutually exclusive\n"),
    ] {
        terminal.refuses(line, text);
    }
    // An editor for each of the two objects.
    let cancelled = "Edit cancelled, no changes made.\n".repeat(2);
    assert_eq!(terminal.run("create -f w.yaml --edit"), (0, String::new(), cancelled));
    assert_eq!(terminal.run("get sts web").0, 1, "nothing was made");
}

#[test]
fn what_an_editor_left_behind_is_created_instead_of_the_file() {
    let mut terminal = Terminal::new();
    let mut process = terminal.start("create -f w.yaml --edit");
    let invocation = Rc::make_mut(&mut process.invocation);
    invocation.stdin = Some("{apiVersion: v1, kind: ConfigMap, metadata: {name: edited}}".into());
    terminal.wake(&mut process, &[]);
    assert_eq!(printed(&process, Stream::Out), "configmap/edited created\n");
}
