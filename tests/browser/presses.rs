//! Whatever is pressed, written and chosen, in whatever order: the page goes on answering.

use serde_json::json;

use super::page::{DESKTOP, Page};

/// Lines that lead into all kinds of trouble.
const LINES: [&str; 16] = [
    "kubectl create ns lab-18",
    "kubectl apply -f stateful.yaml -n lab-18",
    "kubectl get all -A",
    "kubectl get pods -w -A",
    "kubectl scale sts mehdb --replicas=60 -n lab-18",
    "kubectl scale sts mehdb --replicas=1 -n lab-18",
    "kubectl rollout restart sts mehdb -n lab-18",
    "kubectl rollout undo sts mehdb -n lab-18",
    "kubectl set image sts/mehdb shard=nowhere:nonexistent -n lab-18",
    "kubectl delete pod mehdb-0 -n lab-18 --wait=false",
    "kubectl delete pvc --all -n lab-18 --wait=false",
    "kubectl delete ns lab-18 --wait=false",
    "kubectl edit sts mehdb -n lab-18",
    "kubectl drain node-1 --ignore-daemonsets",
    "kubectl cordon node-2",
    "kubectl uncordon node-1 node-2",
];

/// Does something with one of the fields and buttons that can be seen, and says with which.
const ONE: &str = "const [number, line] = arguments; \
    const seen = e => { const box = e.getBoundingClientRect(); return box.width > 0 && box.height > 0 && e.checkVisibility(); }; \
    const all = [...document.querySelectorAll('button:not(:disabled), input:not(:disabled):not([type=file]), select:not(:disabled), textarea, summary')].filter(seen); \
    const one = all[number % all.length]; \
    const told = (name) => one.dispatchEvent(new Event(name, { bubbles: true })); \
    if (one.localName === 'select') { one.selectedIndex = number % one.options.length; told('change'); } \
    else if (one.type === 'range') { one.value = Number(one.min) + (one.max - one.min) * (number % 101) / 100; told('input'); } \
    else if (['text', 'number', 'search'].includes(one.type)) { one.focus(); one.value = line; told('input'); \
      one.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })); } \
    else if (one.localName === 'textarea') { one.value = one.value.slice(0, number % (one.value.length + 1)); told('input'); } \
    else one.click(); \
    return one.localName + '#' + one.id + ' ' + one.textContent.slice(0, 30);";

const RUN: &str =
    "document.querySelector('#app').dispatchEvent(new CustomEvent('lab:do', { detail: 'run ' + arguments[0] }));";

/// How the page is: that it lives, and which names two of its elements have.
const STATE: &str = "const names = [...document.querySelectorAll('[id]')].map(e => e.id); \
    return [document.documentElement.dataset.engine, document.querySelector('#stopped').open, ...names.filter((name, nth) => names.indexOf(name) < nth)].join(' ');";

#[tokio::test]
async fn two_thousand_random_presses_neither_stop_nor_stall_it() {
    for seed in 1..=4_u64 {
        let page = Page::open("", DESKTOP).await;
        page.until_ready().await;
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state >> 32
        };
        let mut pressed = Vec::new();
        for _ in 0..500 {
            let (number, line) = (next(), LINES[usize::try_from(next() % 16).unwrap_or_default()]);
            // A press that never ends fails here: the browser gives a script half a minute.
            pressed.push(page.script(ONE, &[json!(number), json!(line)]).await);
            if next() % 4 == 0 {
                page.script(RUN, &[json!(line)]).await;
            }
            let last = &pressed[pressed.len().saturating_sub(12)..];
            assert_eq!(page.script(STATE, &[]).await, json!("ready false"), "seed {seed}, after {last:?}");
        }
        assert_eq!(page.complaints().await, Vec::<String>::new(), "seed {seed}");
        page.close().await;
    }
}
