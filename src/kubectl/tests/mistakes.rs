//! What kubectl says of mistakes.

use super::Terminal;

#[test]
fn mistakes_in_the_arguments_are_told_in_kubectls_words() {
    let mut terminal = Terminal::new();
    terminal.run("apply -f w.yaml");
    for (line, text) in [
        ("gett pods", "error: unknown command \"gett\" for \"kubectl\"\n\nDid you mean this?\n\tset\n\tget\n"),
        ("get pods --raw /version", "error: arguments may not be passed when --raw is specified\n"),
        (
            "patch sts web -p '{\"metadata\":{\"namespace\":\"other\"}}'",
            "Error from server (BadRequest): the namespace of the object (other) does not match the namespace on the request (lab)\n",
        ),
        ("apply -f w.yaml --server-side --force", "error: --force cannot be used with --server-side\n"),
        ("apply -f w.yaml --dry-run=server --force", "error: --dry-run=server cannot be used with --force\n"),
        ("apply -f w.yaml --all -l a=b", "error: cannot set --all and --selector at the same time\n"),
        ("apply -f w.yaml --all --prune --force", "error: --force cannot be used with --prune\n"),
        (
            "apply -f w.yaml --all --prune --server-side",
            "error: --prune is in alpha and doesn't currently work on objects created by server-side apply\n",
        ),
        ("apply -f w.yaml --subresource=status", "error: --subresource can only be specified for --server-side\n"),
        (
            "replace --raw=/x -f w.yaml",
            "Error from server (NotFound): the server could not find the requested resource\n",
        ),
        ("replace --raw=x -f w.yaml", "error: --raw must be a valid URL path: parse \"x\": invalid URI for request\n"),
        ("explain sts -o yaml", "error: unrecognized format: yaml\n"),
        ("explain sts --api-version=apps/v2", "error: couldn't find resource for \"apps/v2, Resource=statefulsets\"\n"),
        ("explain sts --api-version=v1", "error: GVR (/v1, Resource=statefulsets) not found in OpenAPI schema\n"),
        ("get foo", "error: the server doesn't have a resource type \"foo\"\n"),
        ("get pod/", "error: arguments in resource/name form must have a single resource and name\n"),
        ("get pods good-0 -l app=good", "error: name cannot be provided when a selector is specified\n"),
        ("get pods -A good-0", "error: a resource cannot be retrieved by name across all namespaces\n"),
        (
            "get sts/web pods",
            "error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'\n",
        ),
        (
            "get pods -l a=b=c",
            "Error from server (BadRequest): Unable to find \"/v1, Resource=pods\" that match label selector \"a=b=c\", field selector \"\": found '=', expected: ',' or 'end of string'\n",
        ),
        ("apply", "error: must specify one of -f and -k\n"),
        ("apply w.yaml", "error: Unexpected args: [w.yaml]\nSee 'kubectl apply -h' for help and examples\n"),
        ("apply -f gone.yaml", "error: the path \"gone.yaml\" does not exist\n"),
        ("create sts good", "error: Unexpected args: [sts good]\nSee 'kubectl create -h' for help and examples\n"),
        ("create statefulset x --image=y", "error: unknown flag: --image\nSee 'kubectl create --help' for usage.\n"),
        (
            "create ns",
            "error: exactly one NAME is required, got 0\nSee 'kubectl create namespace -h' for help and examples\n",
        ),
        (
            "rollout bogus sts/web",
            "error: unknown command \"bogus sts/web\"\nSee 'kubectl rollout -h' for help and examples\n",
        ),
        ("rollout status", "error: required resource not specified\n"),
        ("rollout status svc/web", "error: no status viewer has been implemented for Service\n"),
        ("scale sts web", "error: required flag(s) \"replicas\" not set\n"),
        ("scale sts --replicas=2", "error: resource(s) were provided, but no name was specified\n"),
        (
            "scale svc web --replicas=2",
            "Error from server (NotFound): the server could not find the requested resource\n",
        ),
        ("delete sts --all x", "error: name cannot be provided when a selector is specified\n"),
        (
            "delete sts web --cascade=bogus",
            "error: invalid cascade value (bogus). Must be \"background\", \"foreground\", or \"orphan\"\n",
        ),
        ("patch sts web", "error: must specify --patch or --patch-file containing the contents of the patch\n"),
        (
            "patch sts web -p '{bad'",
            "Error from server (BadRequest): invalid character 'b' looking for beginning of object key string\n",
        ),
        (
            "patch sts web -p '[]'",
            "Error from server (BadRequest): json: cannot unmarshal array into Go value of type map[string]interface {}\n",
        ),
        ("label", "error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n"),
        ("label sts web a=b=c", "error: invalid label spec: a=b=c\n"),
        ("label sts web a=b a-", "error: can not both modify and remove a label in the same command\n"),
        ("events --for=pod", "error: --for must be in resource/name form\n"),
        ("get pods --context=nope", "error: context \"nope\" does not exist\n"),
    ] {
        terminal.refuses(line, text);
    }
}

#[test]
fn files_that_are_no_manifests_are_told_apart() {
    let mut terminal = Terminal::new();
    for (text, complaint) in [
        ("", "error: no objects passed to apply\n"),
        ("# nothing\n", "error: no objects passed to apply\n"),
        (
            "just words\n",
            "error: error validating \"f.yaml\": error validating data: invalid object to validate; if you choose to ignore these errors, turn validation off with --validate=false\n",
        ),
        (
            "apiVersion: apps/v1\nmetadata: {name: web}\n",
            "error: error validating \"f.yaml\": error validating data: kind not set; if you choose to ignore these errors, turn validation off with --validate=false\n",
        ),
        (
            "metadata: {name: web}\n",
            "error: error validating \"f.yaml\": error validating data: [apiVersion not set, kind not set]; if you choose to ignore these errors, turn validation off with --validate=false\n",
        ),
        (
            "apiVersion: app/v1\nkind: StatefulSet\nmetadata: {name: web}\n",
            "error: resource mapping not found for name: \"web\" namespace: \"\" from \"f.yaml\": no matches for kind \"StatefulSet\" in version \"app/v1\"\nensure CRDs are installed first\n",
        ),
        (
            "apiVersion: apps/v1\nkind: statefulset\nmetadata: {name: web}\n",
            "Error from server (BadRequest): error when creating \"f.yaml\": statefulset in version \"v1\" cannot be handled as a StatefulSet: no kind \"statefulset\" is registered for version \"apps/v1\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"\n",
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, annotations: [a]}\n",
            "error: unable to decode \"f.yaml\": json: cannot unmarshal array into Go struct field ObjectMeta.metadata.annotations of type map[string]string\n",
        ),
        (
            "apiVersion: apps/v1\nkind: StatefulSet\n",
            "error: error when retrieving current configuration of:\nResource: \"apps/v1, Resource=statefulsets\", GroupVersionKind: \"apps/v1, Kind=StatefulSet\"\nName: \"\", Namespace: \"lab\"\nfrom server for: \"f.yaml\": resource name may not be empty\n",
        ),
    ] {
        terminal.file("f.yaml", text);
        terminal.refuses("apply -f f.yaml", complaint);
    }
    terminal.file("f.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: elsewhere}\n");
    terminal.refuses(
        "apply -f f.yaml -n lab",
        "error: the namespace from the provided object \"elsewhere\" does not match the namespace \"lab\". You must pass '--namespace=elsewhere' to perform this operation.\n",
    );
}

#[test]
fn a_list_is_checked_by_kubectl_itself_which_cannot_warn() {
    let mut terminal = Terminal::new();
    terminal.file(
        "l.yaml",
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, dta: {}}\n",
    );
    terminal.refuses(
        "create -f l.yaml",
        "error: error validating \"l.yaml\": error validating data: ValidationError(ConfigMap): unknown field \"dta\" in \
         io.k8s.api.core.v1.ConfigMap; if you choose to ignore these errors, turn validation off with --validate=false\n",
    );
    let (code, said, warned) = terminal.run("create -f l.yaml --validate=warn");
    assert_eq!(
        (code, said.as_str(), warned.as_str()),
        (0, "configmap/a created\n", "Warning: unknown field \"dta\"\n")
    );
}
