//! "Why?", the promises and everything that can be broken: once by mouse and once by keyboard.

use serde_json::json;

use super::page::{By, CONTROL, Page, RELEASE, TAB};

/// The lab with both pods Ready and the clock stopped; what is done is written down as it reaches the journal.
async fn opened(by: By) -> Page {
    let page = Page::open("", (1440, 1000)).await;
    page.until_ready().await;
    page.choose("#speed", "120").await;
    by.press(&page, "#apply").await;
    page.until_attribute("#seat-1", "data-state", "Ready").await;
    let listen = "window.__kept = ''; document.getElementById('app').addEventListener('lab:keep', e => (window.__kept = e.detail)); \
                  window.__times = line => window.__kept.split('\\n').filter(row => row.includes(line)).length;";
    page.script(listen, &[]).await;
    page
}

async fn pause(page: &Page, by: By) {
    by.press(page, "#play").await;
    page.until_attribute("#play", "aria-pressed", "false").await;
}

#[tokio::test]
async fn why_names_what_holds_a_set_up_and_its_button_unblocks_it() {
    for by in [By::Mouse, By::Keyboard] {
        let page = opened(by).await;
        by.press(&page, "#seat-1 .place").await;
        by.press(&page, "#tool-unready").await;
        page.until_attribute("#seat-1", "data-state", "Running").await;
        by.press(&page, "#scale-plus").await;
        by.press(&page, "#scale").await;
        page.until_text("#controller", "mehdb-1 is Running but not Ready").await;

        by.press(&page, "#why").await;
        page.until_text("#why-tree", "mehdb-2 is not created: mehdb-1 is Running but not Ready.").await;
        page.until_text("#why-first", "mehdb-1: its readiness probe fails: the program answers that it is not ready.")
            .await;
        assert_eq!(page.attribute("#why-tree", "data-held").await, "true");
        let line = page.text("#why-first-way-0-command").await;
        assert_eq!(line, "kubectl annotate pod mehdb-1 -n lab-18 sim/ready=true --overwrite");

        by.press(&page, "#why-first-way-0").await;
        page.until_attribute("#seat-2", "data-state", "Ready").await;
        page.until_attribute("#why-tree", "data-held", "false").await;
        page.until_text("#why-tree", "mehdb is as it should be: 3 pods Ready.").await;

        // An event leads back to what somebody did, and a moment can be gone to.
        by.press(&page, "#tab-events").await;
        by.press(&page, "#panel .events button[title='What led to this event']").await;
        page.until_text("#why-chain", "you ran kubectl").await;
        by.press(&page, "#why-chain li:last-child .moment").await;
        page.until_attribute("#play", "aria-pressed", "false").await;
        assert_eq!(page.complaints().await, Vec::<String>::new());
        page.close().await;
    }
}

#[tokio::test]
async fn a_forced_delete_on_a_lost_node_breaks_at_most_one_and_the_page_says_why_that_is_allowed() {
    for by in [By::Mouse, By::Keyboard] {
        let page = opened(by).await;
        by.press(&page, "#tab-promises").await;
        page.until_attribute("#promise-at-most-one", "data-holds", "true").await;
        assert_eq!(page.count(".promises > li").await, 6);

        // The first pod: whatever else sat on that node, its successor waits for nobody.
        let node = "return document.querySelector('.node [title=mehdb-0]').closest('.node').id;";
        let node = page.script(node, &[]).await.as_str().unwrap_or_default().to_owned();
        by.press(&page, &format!("#{node} h3 button")).await;
        by.press(&page, "#tool-node-stops").await;
        page.until_attribute(&format!("#{node}"), "data-ready", "false").await;
        by.press(&page, "#seat-0 .place").await;
        by.press(&page, "#tool-force").await;
        by.press(&page, "#tab-promises").await;
        page.until_attribute("#promise-at-most-one", "data-holds", "false").await;
        page.until_text("#promise-at-most-one .break", "run at once").await;
        page.until_text(
            "#promise-at-most-one .break",
            "Kubernetes allows it: a person deleted the earlier pod by force",
        )
        .await;
        by.press(&page, "#promise-at-most-one .moment").await;
        page.until_attribute("#play", "aria-pressed", "false").await;
        assert_eq!(page.complaints().await, Vec::<String>::new());
        page.close().await;
    }
}

#[tokio::test]
async fn a_program_that_hangs_is_thawed_where_why_says_so_and_the_seat_says_it_in_passing() {
    for by in [By::Mouse, By::Keyboard] {
        let page = opened(by).await;
        // Nobody restarts what hangs.
        let text = page.text("#manifest").await;
        let (before, rest) = text.split_once("        livenessProbe:").expect("the lab has one");
        let (_, after) = rest.split_once("        readinessProbe:").expect("and another");
        page.fill("#manifest", &format!("{before}        readinessProbe:{after}")).await;
        by.press(&page, "#apply").await;
        page.until_attribute("#seat-0", "data-revision", "B").await;
        page.until_attribute("#seat-0", "data-state", "Ready").await;
        by.press(&page, "#seat-1 .place").await;
        by.press(&page, "#tool-freeze").await;
        page.until_attribute("#seat-1", "data-state", "Running").await;
        // The seat is looked at in passing: with the pointer, or with the focus.
        let pass = match by {
            By::Mouse => "e.dispatchEvent(new MouseEvent('mouseenter'));",
            By::Keyboard => "document.querySelector('#seat-0 .place').focus(); e.focus();",
        };
        page.script(&format!("const e = document.querySelector('#seat-1 .place'); {pass}"), &[]).await;
        let hint = "return document.querySelector('#seat-1 .place').title.includes('program hangs');";
        page.until("the seat says why", hint).await;
        by.press(&page, "#ask-why").await;
        page.until_text("#why-first", "program hangs").await;
        by.press(&page, "#why-first-way-0").await;
        page.until("it is in the journal", "return window.__times('pod-thaws lab-18 mehdb-1') > 0;").await;
        page.until_attribute("#seat-1", "data-state", "Ready").await;
        page.until("the seat waits for nothing", "return !document.querySelector('#seat-1 .place').title;").await;
        assert_eq!(page.complaints().await, Vec::<String>::new());
        page.close().await;
    }
}

/// Presses every button of the panel and holds what reaches the journal against what the button shows.
async fn press_all(page: &Page, by: By) -> usize {
    let script = "return [...document.querySelectorAll('#panel .way button[id]')].map(b => b.id);";
    let ids: Vec<String> = serde_json::from_value(page.script(script, &[]).await).expect("ids");
    let mut pressed = 0;
    for id in ids {
        let css = format!("#panel #{id}");
        if page.count(&css).await == 0 {
            continue;
        }
        let line = page.text(&format!("#{id}-command")).await;
        let fault = page.attribute(&format!("#{id}-fault"), "data-fault").await;
        let shown = if line.is_empty() { fault } else { line };
        assert!(!shown.is_empty(), "#{id} says what it does");
        let times = format!("return window.__times({})", json!(shown));
        let before = page.script(&times, &[]).await.as_u64().unwrap_or(0);
        by.press(page, &css).await;
        page.until(&format!("#{id} does {shown}"), &format!("{times} > {before};")).await;
        pressed += 1;
    }
    pressed
}

#[tokio::test]
async fn everything_can_be_broken_and_mended_from_the_stage() {
    for by in [By::Mouse, By::Keyboard] {
        let page = opened(by).await;
        pause(&page, by).await;
        let mut pressed = 0;
        for thing in [".set-head h2 button", "#node-node-3 h3 button", "#claim-data-mehdb-1", "#seat-1 .place"] {
            by.press(&page, thing).await;
            page.until_attribute("#tab-inspector", "aria-selected", "true").await;
            pressed += press_all(&page, by).await;
        }
        by.press(&page, "#tab-faults").await;
        pressed += press_all(&page, by).await;
        assert!(pressed > 35, "{pressed} things were broken or mended");

        // How long things take, typed.
        page.keys("#takes-pull", &format!("{CONTROL}a{RELEASE}60000{TAB}")).await;
        page.until("pulls take a minute", "return window.__times('takes pull 60000') > 0;").await;
        assert_eq!(page.complaints().await, Vec::<String>::new());
        page.close().await;
    }
}

/// The cluster itself, broken and mended from the stage; each shows there, and "why?" knows the way back.
#[tokio::test]
async fn what_breaks_in_the_cluster_shows_on_the_stage_and_is_mended_there() {
    for by in By::BOTH {
        let page = opened(by).await;
        let scale = async |number: &str| {
            by.fill(&page, "#scale-number", number).await;
            by.press(&page, "#scale").await;
        };

        // A zone is lost and comes back.
        by.press(&page, "#node-node-1 h3 button").await;
        by.press(&page, "#tool-zone-a").await;
        page.until_text("#node-node-1 h3", "zone-a").await;
        by.press(&page, "#tab-faults").await;
        by.press(&page, "#fault-zone-a-stops").await;
        page.until_attribute("#node-node-1", "data-ready", "false").await;
        by.press(&page, "#fault-zone-a-starts").await;
        page.until_attribute("#node-node-1", "data-ready", "true").await;

        // A machine joins, gets smaller, and goes.
        by.press(&page, "#fault-node-joins").await;
        by.press(&page, "#node-node-4 h3 button").await;
        by.press(&page, "#tool-shrink").await;
        by.press(&page, "#sight-yaml").await;
        page.until_text("#printed", "memory: 1Gi").await;
        by.press(&page, "#sight-facts").await;
        by.press(&page, "#tool-remove").await;
        page.until("it is gone", "return !document.querySelector('#node-node-4');").await;

        // Nothing makes volumes; then no class is the default one.
        by.press(&page, "#tab-faults").await;
        by.press(&page, "#fault-provisioner-stops").await;
        scale("3").await;
        page.until_attribute("#claim-data-mehdb-2", "data-phase", "Pending").await;
        by.press(&page, "#claim-data-mehdb-2").await;
        by.press(&page, "#ask-why").await;
        page.until_text("#why-first", "provisioner").await;
        by.press(&page, "#why-first-way-0").await;
        page.until_attribute("#seat-2", "data-state", "Ready").await;
        by.press(&page, "#tab-faults").await;
        by.press(&page, "#fault-no-default-standard").await;
        page.until("it is said", "return !!document.querySelector('#fault-default-standard');").await;
        scale("4").await;
        page.until_attribute("#claim-data-mehdb-3", "data-phase", "Pending").await;
        by.press(&page, "#claim-data-mehdb-3").await;
        by.press(&page, "#ask-why").await;
        page.until_text("#why-first", "default").await;
        by.press(&page, "#why-first-way-0").await;
        page.until_attribute("#seat-3", "data-state", "Ready").await;

        // A class comes and goes; another one lets claims grow no more.
        by.press(&page, "#tab-faults").await;
        by.press(&page, "#fault-add-late").await;
        by.press(&page, "#fault-remove-late").await;
        page.until("it can come again", "return !!document.querySelector('#fault-add-late');").await;
        by.press(&page, "#fault-expansion-standard").await;
        page.until_text("#fault-expansion-standard", "Let standard expand").await;

        // An image takes its time, and so does a program.
        by.choose(&page, "#speed", "20").await;
        by.press(&page, ".set-head h2 button").await;
        by.press(&page, "#tool-slow-pull").await;
        by.press(&page, "#tool-good-image").await;
        page.until_attribute("#seat-3", "data-state", "ContainerCreating").await;
        by.press(&page, "#why").await;
        page.until_text("#why-first", "image nginx:1.29 is being pulled").await;
        by.press(&page, "#seat-3 .place").await;
        by.press(&page, "#tool-slow-ready").await;
        page.until_attribute("#seat-3", "data-state", "Running").await;
        assert_eq!(page.complaints().await, Vec::<String>::new());
        page.close().await;
    }
}
