// <statefulset-lab src="https://example.org/playground/" height="640">fallback</statefulset-lab>
//
// A frame with the StatefulSet Playground. Empty, it adopts the <pre> before it: lines that begin with "$ kubectl" or
// "kubectl" become commands to run, anything else becomes the manifest. Attributes: src (where the playground is; by
// default, where this file is), height, manifest (the id of an element that holds it), and every option of its address
// (theme, speed, panes, readonly, autoplay, startAt, pauseOnMarkers, loop, cmd, lesson, motion, controls, lang, origin). With `poster`, which may
// name a picture, nothing is loaded before the reader presses Start: until then the fallback or the picture is shown.
(() => {
  const home = document.currentScript ? new URL(".", document.currentScript.src).href : document.baseURI;
  const OPTIONS = ["theme", "speed", "panes", "readonly", "autoplay", "startat", "cmd", "lesson", "motion", "controls", "lang", "origin", "pauseonmarkers", "loop"];
  const NAMES = { startat: "startAt", pauseonmarkers: "pauseOnMarkers" };

  class StatefulSetLab extends HTMLElement {
    connectedCallback() {
      if (this.frame) return;
      const address = new URL(this.getAttribute("src") || home, document.baseURI);
      address.searchParams.set("embed", "1");
      for (const name of OPTIONS) {
        if (this.hasAttribute(name)) address.searchParams.set(NAMES[name] ?? name, this.getAttribute(name) || "1");
      }
      const text = this.adopted();
      const commands = text.split("\n").map((line) => line.trim().replace(/^\$\s+/, "")).filter((line) => /^kubectl\s/.test(line));
      this.manifest = commands.length ? "" : text;
      commands.forEach((line) => address.searchParams.append("cmd", line));

      this.address = address;
      if (this.hasAttribute("poster")) this.wait();
      else this.begin();
    }

    // The poster: what stands in the element, or the picture it names, and a button.
    wait() {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Start the lab";
      button.addEventListener("click", () => (this.begin(), this.frame.focus()));
      if (this.getAttribute("poster")) {
        const picture = new Image();
        picture.src = this.getAttribute("poster");
        picture.alt = "The lab before it starts";
        picture.style.maxWidth = "100%";
        picture.style.display = "block";
        this.replaceChildren(picture);
      }
      this.append(button);
      this.style.display = "block";
    }

    begin() {
      const frame = document.createElement("iframe");
      frame.title = this.getAttribute("title") || "StatefulSet Playground";
      frame.loading = "lazy";
      frame.allow = "fullscreen; clipboard-write";
      frame.sandbox = "allow-scripts allow-popups allow-downloads";
      // Room is kept before it loads, so that nothing jumps.
      frame.height = this.getAttribute("height") || "640";
      frame.width = "100%";
      frame.src = this.address;
      frame.style.border = "0";
      this.style.display = "block";
      this.frame = frame;
      this.hear = (event) => this.heard(event);
      window.addEventListener("message", this.hear);
      this.replaceChildren(frame);
    }

    disconnectedCallback() {
      window.removeEventListener("message", this.hear);
      this.frame = null;
    }

    // The text this lab begins with: of the element named, or of the <pre> before an empty lab.
    adopted() {
      const named = this.getAttribute("manifest");
      const empty = !this.textContent.trim() && !this.childElementCount;
      const source = named ? document.getElementById(named) : empty ? this.preBefore() : null;
      // Where a page colours code, its lines may end with <br> alone.
      const text = (source?.querySelector("br") ? source.innerText : source?.textContent) ?? "";
      return text.trim() && text;
    }

    // Books made of Markdown put the element into a paragraph of its own, and the <pre> into a box.
    preBefore() {
      const alone = this.parentElement?.localName === "p" && this.parentElement.childElementCount === 1;
      const before = (alone ? this.parentElement : this).previousElementSibling;
      return before?.localName === "pre" ? before : before?.matches("div, figure") ? before.querySelector("pre") : null;
    }

    // Only our own frame is heard; what it says goes on as an event of this element: lab:ready, lab:state, …
    heard({ source, data }) {
      if (source !== this.frame?.contentWindow || data?.ns !== "statefulset-lab") return;
      if (data.type === "ready" && this.manifest) this.send("load", { manifest: this.manifest });
      if (data.type === "resize" && this.getAttribute("height") === "auto") this.frame.height = data.height;
      this.dispatchEvent(new CustomEvent("lab:" + data.type, { detail: data }));
    }

    // Asks the lab for something: send("run", {cmd: "kubectl get pods"}).
    send(type, more = {}) {
      this.frame?.contentWindow.postMessage({ ns: "statefulset-lab", v: 1, type, ...more }, "*");
    }
  }
  if (!customElements.get("statefulset-lab")) customElements.define("statefulset-lab", StatefulSetLab);
})();
