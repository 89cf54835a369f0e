//! A page in real Chromium, and the few things a test does to it.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

use super::driver::{Driver, driver};
use super::server::{Content, serve};

/// The window of a desktop.
pub const DESKTOP: (u32, u32) = (1440, 900);

/// Keys as a driver is told them; what is held down, like Control, is held until all are let go.
pub const RELEASE: &str = "\u{e000}";
pub const TAB: &str = "\u{e004}";
pub const ENTER: &str = "\u{e007}";
pub const CONTROL: &str = "\u{e009}";
pub const ESCAPE: &str = "\u{e00c}";
pub const SPACE: &str = "\u{e00d}";
pub const PAGE_DOWN: &str = "\u{e00f}";
pub const END: &str = "\u{e010}";
pub const HOME: &str = "\u{e011}";
pub const LEFT: &str = "\u{e012}";
pub const RIGHT: &str = "\u{e014}";
pub const DOWN: &str = "\u{e015}";
pub const F1: &str = "\u{e031}";

/// How long something that is waited for may take.
const PATIENCE: Duration = Duration::from_secs(45);

/// What can be read of the element `e`. Fields have their text as a value; so have items of lists and buttons, but another.
const TEXT: &str = "/^(input|textarea)$/.test(e.localName) ? e.value : e.selectedOptions?.[0]?.text ?? e.innerText";

/// How somebody does something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    Mouse,
    Keyboard,
}

impl By {
    pub const BOTH: [Self; 2] = [Self::Mouse, Self::Keyboard];

    /// Presses a button; by keyboard only one that Tab leads to.
    pub async fn press(self, page: &Page, css: &str) {
        if self == Self::Mouse {
            return page.click(css).await;
        }
        page.wait_for(css).await;
        let script = "const e = document.querySelector(arguments[0]); return e.tabIndex >= 0 && !e.disabled && e.checkVisibility();";
        assert_eq!(page.script(script, &[json!(css)]).await, json!(true), "Tab leads to {css}");
        page.keys(css, ENTER).await;
    }

    /// Puts a text into a field: by keyboard it takes the place of all that is there, and Tab leaves the field.
    pub async fn fill(self, page: &Page, css: &str, text: &str) {
        match self {
            Self::Mouse => page.fill(css, text).await,
            Self::Keyboard => page.keys(css, &format!("{CONTROL}a{RELEASE}{text}{TAB}")).await,
        }
    }

    /// Chooses from a list: by keyboard its first letters are typed.
    pub async fn choose(self, page: &Page, css: &str, text: &str) {
        match self {
            Self::Mouse => page.choose_text(css, text).await,
            Self::Keyboard => page.keys(css, text).await,
        }
    }
}

/// The origin of the built page.
pub fn origin() -> &'static str {
    static ORIGIN: OnceLock<String> = OnceLock::new();
    ORIGIN.get_or_init(|| {
        let dist = concat!(env!("CARGO_MANIFEST_DIR"), "/dist");
        assert!(std::path::Path::new(dist).join("index.html").exists(), "build the page first: trunk build --release");
        serve(Content::Folder(dist.into()))
    })
}

/// A command of the browser's own protocol with its parameters.
#[derive(Debug)]
struct DevTools(&'static str, Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or("")))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        let body = json!({ "cmd": self.0, "params": self.1 });
        (http::Method::POST, Some(body.to_string()))
    }
}

/// One browser with one page.
pub struct Page {
    client: Client,
    driver: Driver,
}

impl Page {
    /// A new browser of this size that shows the page at this address (relative to its origin).
    pub async fn open(path: &str, size: (u32, u32)) -> Self {
        let mut page = Self::blank(size).await;
        page.goto(&format!("{}/{path}", origin())).await;
        page
    }

    /// A new browser that shows nothing yet.
    pub async fn blank((width, height): (u32, u32)) -> Self {
        // One that another driver takes the port away from says so and ends; the next one finds another.
        let (driver, port) = (0..3).find_map(|_| driver()).expect("chromedriver names its port");
        let profile = std::env::temp_dir().join(format!("playground-browser-{}-{port}", std::process::id()));
        let args = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ];
        let mut all: Vec<String> = args.iter().map(|a| (*a).to_owned()).collect();
        all.push(format!("--window-size={width},{height}"));
        all.push(format!("--user-data-dir={}", profile.display()));
        let capabilities = json!({
            "goog:chromeOptions": { "args": all },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else { unreachable!() };
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let client = ClientBuilder::new(connector)
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a session begins");
        let driver = Driver { process: driver, profile };
        let page = Self { client, driver };
        let listen = "window.__complaints = []; \
            addEventListener('error', e => window.__complaints.push(String(e.message))); \
            addEventListener('unhandledrejection', e => window.__complaints.push(String(e.reason))); \
            addEventListener('securitypolicyviolation', e => window.__complaints.push(e.violatedDirective + ' ' + e.blockedURI)); \
            window.__pictures = []; \
            window.__seats = () => [...document.querySelectorAll('[id^=seat-][data-state]')].map(s => s.dataset.state).join(' '); \
            const look = () => { const now = window.__seats(); if (now !== window.__pictures.at(-1)) window.__pictures.push(now); requestAnimationFrame(look); }; \
            requestAnimationFrame(look); \
            const told = console.error; console.error = (...a) => { window.__complaints.push(a.join(' ')); told(...a); };";
        page.before_every_page(listen).await;
        page
    }

    pub async fn goto(&mut self, url: &str) {
        self.client.goto(url).await.expect("the page loads");
    }

    /// Goes into the only frame of the page.
    pub async fn enter_frame(&self) {
        let frame = self.client.wait().for_element(Locator::Css("iframe")).await.expect("a frame");
        frame.enter_frame().await.expect("the frame can be entered");
    }

    /// Goes back out of a frame.
    pub async fn leave_frame(&self) {
        self.client.enter_parent_frame().await.expect("the frame can be left");
    }

    /// What can be read in the only frame of the page, also where no script runs.
    pub async fn frame_text(&self) -> String {
        self.enter_frame().await;
        let body = self.client.wait().for_element(Locator::Css("#app .plate")).await.expect("the frame has a picture");
        drop(body);
        let body = self.client.find(Locator::Css("body")).await.expect("the frame has a body");
        body.text().await.expect("it can be read")
    }

    pub async fn click(&self, css: &str) {
        let element = self.wait_for(css).await;
        if element.click().await.is_err() {
            // Half of it may be out of sight in what scrolls around it, or it was drawn anew.
            let script = "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' });";
            self.script(script, &[json!(css)]).await;
            let element = self.wait_for(css).await;
            element.click().await.unwrap_or_else(|e| panic!("{css} can be clicked: {e}"));
        }
    }

    async fn wait_for(&self, css: &str) -> fantoccini::elements::Element {
        self.client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(css))
            .await
            .unwrap_or_else(|e| panic!("{css} is there: {e}"))
    }

    /// Types into a field and ends with Enter.
    pub async fn enter(&self, css: &str, text: &str) {
        let field = self.wait_for(css).await;
        field.click().await.expect("the field takes the focus");
        field.send_keys(text).await.expect("the field takes the text");
        field.send_keys(ENTER).await.expect("the field takes Enter");
    }

    /// Sends keys to a field as they are.
    pub async fn keys(&self, css: &str, keys: &str) {
        self.wait_for(css).await.send_keys(keys).await.expect("the field takes keys");
    }

    /// Presses Tab, wherever the focus is.
    pub async fn tab(&self) {
        let at = self.client.active_element().await.expect("something has the focus");
        at.send_keys(TAB).await.expect("it takes Tab");
    }

    /// Puts a text into a field in place of what is there, as typing does.
    pub async fn fill(&self, css: &str, text: &str) {
        self.wait_for(css).await;
        let script = "const f = document.querySelector(arguments[0]); f.value = arguments[1]; \
                      f.dispatchEvent(new Event('input', {bubbles: true})); f.dispatchEvent(new Event('change', {bubbles: true}));";
        self.script(script, &[json!(css), json!(text)]).await;
    }

    /// Chooses an option of a list by its value.
    pub async fn choose(&self, css: &str, value: &str) {
        self.pick(css, "o => o.value === wanted", value).await;
    }

    /// Chooses an option of a list by its text.
    pub async fn choose_text(&self, css: &str, text: &str) {
        self.pick(css, "o => o.text.includes(wanted)", text).await;
    }

    async fn pick(&self, css: &str, test: &str, wanted: &str) {
        self.wait_for(css).await;
        let script = format!(
            "const [css, wanted] = arguments; const list = document.querySelector(css); \
             const option = [...list.options].find({test}); if (!option) return [...list.options].map(o => o.text).join(', '); \
             list.value = option.value; list.dispatchEvent(new Event('input', {{bubbles: true}})); \
             list.dispatchEvent(new Event('change', {{bubbles: true}})); return true;"
        );
        let found = self.script(&script, &[json!(css), json!(wanted)]).await;
        assert_eq!(found, json!(true), "{wanted} can be chosen in {css}");
    }

    /// A script that ends by calling its last argument with the answer.
    pub async fn script_async(&self, script: &str, args: &[Value]) -> Value {
        self.client.execute_async(script, args.to_vec()).await.unwrap_or_else(|e| panic!("{script}: {e}"))
    }

    /// Lets a script run in every page before the page's own.
    pub async fn before_every_page(&self, script: &str) {
        self.client
            .issue_cmd(DevTools(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": format!("(() => {{ {script} }})();") }),
            ))
            .await
            .expect("the script is taken");
    }

    /// Lets the page believe in a preference of its reader: `prefers-reduced-motion`, `forced-colors`…
    pub async fn prefer(&self, feature: &str, value: &str) {
        let params = json!({ "features": [{ "name": feature, "value": value }] });
        self.client.issue_cmd(DevTools("Emulation.setEmulatedMedia", params)).await.expect("the preference is taken");
    }

    /// Lets the page believe that it is touched by fingers.
    pub async fn touch(&self) {
        let params = json!({ "enabled": true });
        self.client.issue_cmd(DevTools("Emulation.setTouchEmulationEnabled", params)).await.expect("fingers are taken");
    }

    /// Gives the page another size.
    pub async fn resize(&self, width: u32, height: u32) {
        let params = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.client.issue_cmd(DevTools("Emulation.setDeviceMetricsOverride", params)).await.expect("the size is taken");
    }

    pub async fn script(&self, script: &str, args: &[Value]) -> Value {
        self.client.execute(script, args.to_vec()).await.unwrap_or_else(|e| panic!("{script}: {e}"))
    }

    /// The text of an element, or what stands in a field; empty where there is none.
    pub async fn text(&self, css: &str) -> String {
        let script = format!("const e = document.querySelector(arguments[0]); return e ? ({TEXT}) : '';");
        self.script(&script, &[json!(css)]).await.as_str().unwrap_or("").to_owned()
    }

    /// An attribute of an element; empty where there is none.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? '';";
        self.script(script, &[json!(css), json!(name)]).await.as_str().unwrap_or("").to_owned()
    }

    pub async fn count(&self, css: &str) -> u64 {
        let script = "return document.querySelectorAll(arguments[0]).length;";
        self.script(script, &[json!(css)]).await.as_u64().unwrap_or(0)
    }

    /// Waits until a script answers true.
    pub async fn until(&self, what: &str, script: &str) {
        let begun = Instant::now();
        while self.script(script, &[]).await != json!(true) {
            if begun.elapsed() > PATIENCE {
                let body = self.text("body").await;
                let seats = self.seats().await;
                panic!("in vain waited for: {what}\nseats: {seats}\n{}", body.chars().take(400).collect::<String>());
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// Waits until the engine has taken the first picture over.
    pub async fn until_ready(&self) {
        let script = "return document.documentElement.dataset.engine === 'ready';";
        self.until("the engine has taken over", script).await;
    }

    /// Waits until an element shows a text.
    pub async fn until_text(&self, css: &str, text: &str) {
        let script = format!(
            "const e = document.querySelector({}); return !!e && ({TEXT}).includes({});",
            json!(css),
            json!(text)
        );
        self.until(&format!("{text:?} in {css}"), &script).await;
    }

    /// Waits until something has the focus.
    pub async fn until_focus(&self, id: &str) {
        self.until(&format!("the focus is on #{id}"), &format!("return document.activeElement.id === {};", json!(id)))
            .await;
    }

    /// Waits until an attribute has a value.
    pub async fn until_attribute(&self, css: &str, name: &str, value: &str) {
        let script = format!(
            "return document.querySelector({})?.getAttribute({}) === {};",
            json!(css),
            json!(name),
            json!(value)
        );
        self.until(&format!("{name}={value} on {css}"), &script).await;
    }

    /// The states of all seats of the first set, as the stage shows them.
    pub async fn seats(&self) -> String {
        self.script("return window.__seats?.() ?? '';", &[]).await.as_str().unwrap_or("").to_owned()
    }

    /// Every picture of the stage so far, one line each: `Ready Running Next`.
    pub async fn pictures(&self) -> Vec<String> {
        let seen = self.script("return window.__pictures ?? [];", &[]).await;
        seen.as_array().into_iter().flatten().filter_map(|line| line.as_str().map(str::to_owned)).collect()
    }

    /// What the console complained of.
    pub async fn complaints(&self) -> Vec<String> {
        let script = "return window.__complaints ?? [];";
        let found = self.script(script, &[]).await;
        found.as_array().into_iter().flatten().map(ToString::to_string).collect()
    }

    pub async fn close(self) {
        let _ = self.client.clone().close().await;
        drop(self.driver);
    }
}
