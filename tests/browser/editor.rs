//! The editor by mouse and by keyboard: what is offered at the caret, what a field is for, the diff, files.

use serde_json::json;

use super::access::barriers;
use super::page::{CONTROL, DESKTOP, DOWN, ENTER, ESCAPE, F1, Page, RELEASE, SPACE};

async fn page() -> Page {
    let page = Page::open("", DESKTOP).await;
    page.until_ready().await;
    page
}

/// Puts the caret behind the first place of a text.
async fn caret_behind(page: &Page, text: &str) {
    let script = "const a = document.getElementById('manifest'); a.focus(); const at = a.value.indexOf(arguments[0]) + arguments[0].length; \
                  a.setSelectionRange(at, at); a.dispatchEvent(new MouseEvent('click', {bubbles: true})); return at;";
    page.script(script, &[json!(text)]).await;
}

async fn manifest(page: &Page) -> String {
    page.text("#manifest").await
}

#[tokio::test]
async fn a_field_and_its_value_are_completed_by_keyboard_and_undone_by_the_browser() {
    let page = page().await;
    caret_behind(&page, "serviceName: \"mehdb\"").await;
    page.keys("#manifest", ENTER).await;
    page.keys("#manifest", "podM").await;
    page.until("one is offered", "return document.querySelectorAll('#offers [role=option]').length === 1;").await;
    let active = page.attribute("#manifest", "aria-activedescendant").await;
    assert_eq!(page.attribute(&format!("#{active}"), "aria-selected").await, "true");
    page.keys("#manifest", ENTER).await;
    page.until_text("#offers", "OrderedReady").await;
    page.keys("#manifest", &format!("{DOWN}{ENTER}")).await;
    page.until("the list is gone", "return !document.querySelector('#offers');").await;
    let written = "  serviceName: \"mehdb\"\n  podManagementPolicy: Parallel\n";
    assert!(manifest(&page).await.contains(written), "{}", manifest(&page).await);
    page.until_text("#outlook", "creates mehdb-0, mehdb-1 at once").await;
    page.script("document.execCommand('undo');", &[]).await;
    page.until(
        "the browser's undo takes it back",
        "return !document.getElementById('manifest').value.includes('Parallel');",
    )
    .await;
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}

#[tokio::test]
async fn names_that_are_there_are_completed_also_between_braces() {
    let page = page().await;
    page.fill("#manifest", "apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec:\n  selector: {}\n---\nkind: Pod\nmetadata:\n  labels:\n    tier: db\n").await;
    caret_behind(&page, "selector: {").await;
    page.keys("#manifest", "t").await;
    page.until_text("#offers", "tier: db").await;
    page.keys("#manifest", ENTER).await;
    assert!(manifest(&page).await.contains("  selector: {tier: db}\n"), "{}", manifest(&page).await);
    page.fill("#manifest", "kind: StatefulSet\nspec:\n  volumeClaimTemplates:\n  - spec:\n      storageClassName: \n")
        .await;
    caret_behind(&page, "storageClassName: ").await;
    page.keys("#manifest", "s").await;
    page.keys("#manifest", ENTER).await;
    assert!(manifest(&page).await.contains("storageClassName: standard\n"), "{}", manifest(&page).await);
    page.close().await;
}

#[tokio::test]
async fn asking_shows_everything_that_can_stand_there_and_escape_closes_it() {
    let page = page().await;
    caret_behind(&page, "serviceName: \"mehdb\"").await;
    page.keys("#manifest", ENTER).await;
    page.keys("#manifest", &format!("{CONTROL}{SPACE}{RELEASE}")).await;
    page.until("all are offered", "return document.querySelectorAll('#offers [role=option]').length > 4;").await;
    let shown = "const o = document.querySelector('#offers').getBoundingClientRect(); const s = document.querySelector('#sheet').getBoundingClientRect(); \
                 return o.left >= s.left && o.right <= s.right + 1 && o.height > 40;";
    assert_eq!(page.script(shown, &[]).await, json!(true), "the list lies in the sheet");
    barriers(&page, "the list is open").await;
    page.keys("#manifest", ESCAPE).await;
    page.until("the list is gone", "return !document.querySelector('#offers');").await;
    page.keys("#manifest", &format!("{CONTROL}{SPACE}{RELEASE}")).await;
    page.click("#offer-0").await;
    page.until("it is written", "return document.getElementById('manifest').value.includes('minReadySeconds: ');")
        .await;
    assert_eq!(
        page.script("return document.activeElement.id;", &[]).await,
        json!("manifest"),
        "the editor keeps the focus"
    );
    page.close().await;
}

#[tokio::test]
async fn a_field_is_told_at_the_caret_under_the_pointer_and_aloud() {
    let page = page().await;
    caret_behind(&page, "replicas").await;
    page.until_text("#field", "spec.replicas").await;
    page.until_text("#field", "R26").await;
    let over = "const a = document.getElementById('manifest'); const line = a.value.split('\\n').findIndex(l => l.includes('serviceName:')); \
                a.dispatchEvent(new MouseEvent('mousemove', {bubbles: true, clientX: a.getBoundingClientRect().x + 80, clientY: a.getBoundingClientRect().y + 8 + 20 * line + 10}));";
    page.script(over, &[]).await;
    page.until_text("#field", "spec.serviceName").await;
    assert_eq!(page.attribute("#field", "aria-live").await, "off", "a pointer says nothing aloud");
    page.keys("#manifest", F1).await;
    page.until_attribute("#field", "aria-live", "polite").await;
    page.until_text("#field", "spec.replicas").await;
    page.close().await;
}

#[tokio::test]
async fn the_diff_shows_what_apply_would_change() {
    let page = page().await;
    page.click("#apply").await;
    page.until_text("#outlook", "changes no").await;
    let text = manifest(&page).await.replace("replicas: 2", "replicas: 4");
    page.fill("#manifest", &text).await;
    page.until_text("#outlook", "adds mehdb-2, then mehdb-3").await;
    page.click("#diff").await;
    page.until_text("#diff-text", "-  replicas: 2\n+  replicas: 4").await;
    page.click("#apply").await;
    page.until_text("#diff-text", "Nothing differs").await;
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}

#[tokio::test]
async fn documents_are_jumped_to_and_files_come_as_tabs_are_dropped_and_survive_a_reload() {
    let mut page = page().await;
    page.click("#document-2").await;
    let row = "const a = document.getElementById('manifest'); return a.value.slice(0, a.selectionStart).split('\\n').length + ': ' + document.activeElement.id;";
    let at = page.script(row, &[]).await;
    assert!(at.as_str().is_some_and(|at| at.ends_with(": manifest") && !at.starts_with("1:")), "{at}");
    page.click("#file-new").await;
    page.until("a second tab is open", "return document.querySelectorAll('[id^=file-][role=tab]').length === 2;").await;
    page.keys("#manifest", "kind: Serv").await;
    page.until_text("#offers", "Service").await;
    page.keys("#manifest", ESCAPE).await;
    let drop = |name: &str, bytes: &str| {
        format!(
            "const data = new DataTransfer(); data.items.add(new File([{bytes}], '{name}')); \
             document.querySelector('#manifest').dispatchEvent(new DragEvent('drop', {{bubbles: true, cancelable: true, dataTransfer: data}}));"
        )
    };
    page.script(&drop("settings.yaml", "'apiVersion: v1\\nkind: ConfigMap\\nmetadata:\\n  name: own\\n'"), &[]).await;
    page.until_text("#file-3", "settings.yaml").await;
    page.until_text("#apply-command", "kubectl apply -f settings.yaml").await;
    page.until_text("#outlook", "configmap/own created").await;
    page.script(&drop("logo.png", "new Uint8Array([137, 80, 78, 71, 0, 255])"), &[]).await;
    page.until_text("#notice", "logo.png is no text").await;
    page.script(&drop("huge.yaml", "'a'.repeat(200000)"), &[]).await;
    page.until_text("#notice", "huge.yaml is 195 KB long").await;
    assert_eq!(page.count("[id^=file-][role=tab]").await, 3, "and nothing was opened");
    page.until(
        "they are kept",
        "return (localStorage.getItem('statefulset-playground.files') ?? '').includes('settings.yaml');",
    )
    .await;
    page.goto(&format!("{}/?again", super::page::origin())).await;
    page.until_text("#file-1", "stateful.yaml").await;
    page.until("all are there again", "return document.querySelectorAll('[id^=file-][role=tab]').length === 3;").await;
    page.click("#file-close").await;
    page.until("one is closed", "return document.querySelectorAll('[id^=file-][role=tab]').length === 2;").await;
    assert_eq!(page.complaints().await, Vec::<String>::new());
    page.close().await;
}
