//! Commands that work with typed objects, and Secrets of their own form.

use super::Terminal;

#[test]
fn typed_objects_are_printed_in_the_order_of_their_fields() {
    let mut terminal = Terminal::new();
    terminal.says(
        "create configmap c --from-literal=a=b --dry-run=client -o json",
        "{\n    \"kind\": \"ConfigMap\",\n    \"apiVersion\": \"v1\",\n    \"metadata\": {\n        \"name\": \"c\"\n    },\n    \
         \"data\": {\n        \"a\": \"b\"\n    }\n}\n",
    );
    terminal.run("apply -f w.yaml");
    let (_, set, _) = terminal.run("set image sts/web app=nginx:1.28 -o json");
    let place = |text: &str| set.find(text).unwrap_or_else(|| panic!("no {text} in {set}"));
    let fields = ["\"kind\"", "\"apiVersion\"", "\"replicas\"", "\"selector\"", "\"template\"", "\"serviceName\""];
    assert!(fields.is_sorted_by_key(|field| place(field)), "{set}");
    assert!(place("\"name\": \"app\"") < place("\"image\""), "{set}");
    // What works with plain maps keeps the alphabet.
    let (_, scaled, _) = terminal.run("scale sts/web --replicas=1 -o json");
    assert!(scaled.starts_with("{\n    \"apiVersion\""), "{scaled}");
}

#[test]
fn a_path_of_the_server_is_answered_as_the_server_writes_it() {
    let mut terminal = Terminal::new();
    let (_, version, _) = terminal.run("get --raw /version");
    assert!(version.starts_with("{\n  \"major\": \"1\",\n  \"minor\": \"36\","), "{version}");
    terminal.run("create configmap c --from-literal=a=b");
    let (_, list, _) = terminal.run("get --raw /api/v1/namespaces/lab/configmaps");
    assert!(
        list.starts_with("{\"kind\":\"ConfigMapList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\""),
        "{list}"
    );
    assert!(list.contains("\"items\":[{\"metadata\":{\"name\":\"c\",\"namespace\":\"lab\",\"uid\":"), "{list}");
}

#[test]
fn secrets_for_registries_and_certificates_have_the_form_that_is_asked_of_them() {
    let mut terminal = Terminal::new();
    terminal.says(
        "create secret docker-registry r --docker-server=r.example --docker-username=u --docker-password=p \
         --dry-run=client -o jsonpath={.data}",
        // {"auths":{"r.example":{"username":"u","password":"p","auth":"dTpw"}}}
        "{\".dockerconfigjson\":\"eyJhdXRocyI6eyJyLmV4YW1wbGUiOnsidXNlcm5hbWUiOiJ1IiwicGFzc3dvcmQiOiJwIiwiYXV0aCI6ImRUcHcifX19\"}",
    );
    // Without a server, the one that kubectl takes then: what lands in the secret has to be the same.
    terminal.says(
        "create secret docker-registry r --docker-username=u --docker-password=p --dry-run=client -o jsonpath={.data}",
        "{\".dockerconfigjson\":\"eyJhdXRocyI6eyJodHRwczovL2luZGV4LmRvY2tlci5pby92MS8iOnsidXNlcm5hbWUiOiJ1IiwicGFzc3dvcmQiOiJwIiwiYXV0aCI6ImRUcHcifX19\"}",
    );
    terminal.refuses(
        "create secret docker-registry r --docker-username=u",
        "error: either --from-file or the combination of --docker-username, --docker-password and --docker-server is required\n",
    );
    terminal.refuses("create secret tls t", "error: key and cert must be specified\n");
    terminal.refuses("create secret tls t --cert=c --key=k", "error: open c: no such file or directory\n");
    terminal.file("c.pem", "-----BEGIN CERTIFICATE-----\n");
    terminal.file("k.pem", "no key");
    terminal.refuses(
        "create secret tls t --cert=c.pem --key=k.pem",
        "error: tls: failed to find any PEM data in key input\n",
    );
    terminal.file("k.pem", "-----BEGIN PRIVATE KEY-----\n");
    terminal.says("create secret tls t --cert=c.pem --key=k.pem", "secret/t created\n");
}

#[test]
fn only_one_thing_is_watched_at_a_time() {
    let mut terminal = Terminal::new();
    terminal.run("create configmap a");
    terminal.run("create configmap b");
    let (code, out, err) = terminal.run("get cm a b -w --no-headers");
    assert_eq!((code, out.lines().count()), (1, 2));
    assert_eq!(err, "error: you may only watch a single resource or type of resource at a time\n");
}

#[test]
fn a_misspelt_key_of_a_json_patch_is_warned_of_and_leaves_nothing_to_put() {
    let mut terminal = Terminal::new();
    terminal.run("apply -f w.yaml");
    terminal.run("scale sts web --replicas=3");
    let (code, _, warned) =
        terminal.run(r#"patch sts web --type=json -p '[{"op":"replace","path":"/spec/replicas","val":4}]'"#);
    assert_eq!((code, warned.as_str()), (0, "Warning: json patch unknown field \"[0].val\"\n"));
    let (_, replicas, _) = terminal.run("get sts web -o jsonpath={.spec.replicas}");
    assert_eq!(replicas, "1", "nothing was put there, and nothing means one");
}

#[test]
fn a_raw_replacement_is_answered_with_what_is_stored() {
    let mut terminal = Terminal::new();
    terminal.file("c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: '1'}\n");
    terminal.run("create -f c.yaml");
    terminal.file("d.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: '2'}\n");
    let (code, text, _) = terminal.run("replace --raw=/api/v1/namespaces/lab/configmaps/c -f d.yaml");
    assert!(
        code == 0 && text.starts_with("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\"") && text.contains("\"a\":\"2\"")
    );
    let (_, held, _) = terminal.run("get cm c -o jsonpath={.data.a}");
    assert_eq!(held, "2");
}
