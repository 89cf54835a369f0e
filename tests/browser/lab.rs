//! The whole lab: by clicks, and once more by typing. What is on the stage is looked at after every act.

use super::page::{DESKTOP, Page};

/// A page with a fast clock.
async fn opened() -> Page {
    let page = Page::open("", DESKTOP).await;
    page.until_ready().await;
    page.choose("#speed", "120").await;
    page
}

/// The words of `kubectl get` in a terminal, once it is free again.
async fn typed(page: &Page, terminal: u8, line: &str) -> String {
    page.enter(&format!("#terminal-{terminal}-input"), line).await;
    let free = format!("return document.querySelector('#terminal-{terminal}').dataset.busy !== 'true';");
    page.until(&format!("{line} has ended"), &free).await;
    page.text(&format!("#terminal-{terminal}-screen")).await
}

#[tokio::test]
async fn the_lab_by_clicks() {
    let page = opened().await;
    assert_eq!(page.count("[id^=seat-][data-state]").await, 2, "two seats wait to be taken");
    page.choose("#speed", "10").await;
    page.click("#apply").await;

    // The first pod comes first; while it runs and is not Ready, the controller says what it waits for.
    page.until_text("#controller", "mehdb-0 is Running but not Ready").await;
    page.until_attribute("#controller", "data-rule", "2").await;
    page.until_attribute("#claim-data-mehdb-0", "data-phase", "Bound").await;
    page.until_attribute("#dns-mehdb-0", "data-lit", "false").await;
    page.choose("#speed", "120").await;
    page.until_attribute("#seat-0", "data-state", "Ready").await;
    page.until_attribute("#dns-mehdb-0", "data-lit", "true").await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;

    // Scale to four with the plus button.
    page.click("#scale-plus").await;
    page.click("#scale-plus").await;
    page.until_text("#scale-command", "kubectl scale sts mehdb --replicas=4 -n lab-18").await;
    page.click("#scale").await;
    page.until_attribute("#seat-2", "data-state", "Ready").await;
    page.until_attribute("#seat-3", "data-state", "Ready").await;

    // Patch back to two: from the top, one at a time. A frame shows what has become of all that happened since the one
    // before, at most a quarter of a real second: slowly enough, every pod's end is a picture, however busy the machine.
    page.choose("#speed", "1").await;
    page.fill("#patch-text", r#"{"spec":{"replicas":2}}"#).await;
    page.click("#patch").await;
    page.until(
        "both pods are gone",
        "const l = i => document.querySelector('#seat-' + i)?.dataset.look ?? 'empty'; return l(3) === 'empty' && l(2) === 'empty';",
    )
    .await;
    page.choose("#speed", "120").await;
    for ordinal in 0..4 {
        page.until_attribute(&format!("#claim-data-mehdb-{ordinal}"), "data-phase", "Bound").await;
    }
    assert_eq!(page.attribute("#seat-0", "data-state").await, "Ready");
    assert_eq!(page.attribute("#seat-1", "data-state").await, "Ready");

    // What the stage showed on the way: up one by one, each only after the one before was Ready, and down in reverse.
    let pictures = page.pictures().await;
    let first = |test: &dyn Fn(&[&str]) -> bool| {
        pictures.iter().position(|picture| test(&picture.split(' ').collect::<Vec<_>>()))
    };
    let vacant = |state: &str| matches!(state, "Empty" | "Next");
    let taken = |ordinal: usize| first(&|seats| seats.get(ordinal).is_some_and(|state| !vacant(state)));
    let ready = |ordinal: usize| first(&|seats| seats.get(ordinal) == Some(&"Ready"));
    for ordinal in 1..4 {
        assert!(ready(ordinal - 1) <= taken(ordinal), "mehdb-{ordinal} came too early: {pictures:#?}");
    }
    let running = first(&|seats| seats.first() == Some(&"Running") && seats.get(1).is_some_and(|s| vacant(s)));
    assert!(running.is_some(), "mehdb-0 was never seen Running but not Ready: {pictures:#?}");
    let three_ends = first(&|seats| seats.len() == 4 && seats[3] == "Terminating" && seats[2] == "Ready");
    assert!(three_ends.is_some(), "mehdb-3 did not stop first: {pictures:#?}");
    let two_ends = first(&|seats| seats.len() >= 3 && seats[2] == "Terminating");
    assert!(two_ends > three_ends, "mehdb-2 stopped too early: {pictures:#?}");

    // The namespace, and everything in it.
    page.choose_text("#delete-choice", "namespace lab-18").await;
    page.click("#delete").await;
    page.until("no claim is left", "return document.querySelectorAll('[id^=claim-]').length === 0;").await;
    page.until(
        "no pod is left",
        "return [...document.querySelectorAll('[id^=seat-][data-look]')].every(s => s.dataset.look === 'empty');",
    )
    .await;
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}

#[tokio::test]
async fn the_lab_by_typing() {
    let page = opened().await;
    assert!(typed(&page, 1, "kubectl create ns lab-18").await.contains("namespace/lab-18 created"));
    let screen = typed(&page, 1, "kubectl create -f stateful.yaml -n lab-18").await;
    assert!(screen.contains("statefulset.apps/mehdb created"), "{screen}");
    assert!(screen.contains("service/mehdb created"), "{screen}");
    page.until_attribute("#seat-1", "data-state", "Ready").await;

    // The second terminal watches while the first one types.
    page.enter("#terminal-2-input", "kubectl get pods -w -l app=mehdb -n lab-18").await;
    page.until_text("#terminal-2-screen", "mehdb-1   1/1     Running").await;
    let screen = typed(&page, 1, "kubectl scale sts web --replicas=4 -n lab-18").await;
    assert!(screen.contains("Error from server (NotFound): statefulsets.apps \"web\" not found"), "{screen}");
    let screen = typed(&page, 1, "kubectl scale sts mehdb --replicas=4 -n lab-18").await;
    assert!(screen.contains("statefulset.apps/mehdb scaled"), "{screen}");
    page.until_attribute("#seat-3", "data-state", "Ready").await;
    page.until_text("#terminal-2-screen", "mehdb-3   0/1     ContainerCreating").await;
    page.until_text("#terminal-2-screen", "mehdb-3   1/1     Running").await;

    let screen = typed(&page, 1, r#"kubectl patch sts mehdb -p '{"spec":{"replicas":2}}' -n lab-18"#).await;
    assert!(screen.contains("statefulset.apps/mehdb patched"), "{screen}");
    page.until_text("#terminal-2-screen", "mehdb-2   0/1     Completed").await;
    let watched = page.text("#terminal-2-screen").await;
    let first_end = |pod: &str| watched.find(&format!("{pod}   1/1     Terminating"));
    assert!(first_end("mehdb-3") < first_end("mehdb-2"), "the highest ordinal goes first:\n{watched}");

    // Ctrl-C gives the terminal back.
    page.keys("#terminal-2-input", "\u{E009}c\u{E000}").await;
    page.until("the watch has ended", "return document.querySelector('#terminal-2').dataset.busy !== 'true';").await;
    let screen = typed(&page, 2, "kubectl get pvc -n lab-18").await;
    for ordinal in 0..4 {
        assert!(screen.contains(&format!("data-mehdb-{ordinal}   Bound")), "{screen}");
    }
    let screen = typed(&page, 2, "kubectl get sts,po,pvc,svc -n lab-18").await;
    assert!(screen.contains("statefulset.apps/mehdb   2/2"), "{screen}");

    page.enter("#terminal-1-input", "kubectl delete ns lab-18").await;
    page.until_text("#terminal-1-screen", "namespace \"lab-18\" deleted").await;
    page.until("the command has ended", "return document.querySelector('#terminal-1').dataset.busy !== 'true';").await;
    let screen = typed(&page, 1, "kubectl get sts,po,pvc,svc -n lab-18").await;
    assert!(screen.contains("No resources found in lab-18 namespace."), "{screen}");
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}
