// What mtenvs knows about a page, kept in a JavaScript world of its own: the page's scripts can neither see nor change it.
// It numbers elements, lists what can be seen, finds the spot of an element to click at, and tells when a page has come to rest.
(first) => {
  const refs = new WeakMap(); // element -> number
  const found = new Map(); // number -> weak reference to the element
  let next = first;

  const refOf = (el) => {
    let ref = refs.get(el);
    if (ref === undefined) {
      ref = next++;
      refs.set(el, ref);
      found.set(ref, new WeakRef(el));
    }
    return ref;
  };

  const elementOf = (ref) => {
    const el = found.get(ref)?.deref();
    if (!el || !el.isConnected) return null;
    for (let view = el.ownerDocument.defaultView; view !== window; view = view.parent) {
      if (!view || !view.frameElement?.isConnected) return null;
    }
    return el;
  };

  // Offset of an element's document in the top one.
  const offsetOf = (doc) => {
    let x = 0, y = 0;
    for (let view = doc.defaultView; view && view !== window; view = view.parent) {
      const frame = view.frameElement, box = frame.getBoundingClientRect();
      x += box.x + frame.clientLeft;
      y += box.y + frame.clientTop;
    }
    return [x, y];
  };

  const squeeze = (text) => text.replace(/\s+/g, " ").trim();

  // --- what an element is -------------------------------------------------------------------------------------------

  const INPUT_ROLES = { button: "button", submit: "button", reset: "button", image: "button", checkbox: "checkbox", radio: "radio",
    range: "slider", number: "spinbutton", search: "searchbox", color: "colorbox", date: "date", "datetime-local": "datetime",
    month: "month", time: "time", week: "week", file: "file" };
  const TAG_ROLES = { BUTTON: "button", TEXTAREA: "textbox", H1: "heading", H2: "heading", H3: "heading", H4: "heading", H5: "heading",
    H6: "heading", IMG: "img", UL: "list", OL: "list", MENU: "list", LI: "listitem", TABLE: "table", TR: "row", TD: "cell", TH: "columnheader",
    NAV: "navigation", MAIN: "main", FORM: "form", DIALOG: "dialog", ARTICLE: "article", ASIDE: "complementary", FIGURE: "figure", HR: "separator",
    DETAILS: "group", FIELDSET: "group", SUMMARY: "button", OPTION: "option", IFRAME: "iframe", FRAME: "iframe", PROGRESS: "progressbar",
    METER: "meter", DL: "list", BLOCKQUOTE: "blockquote", VIDEO: "video", AUDIO: "audio", CANVAS: "canvas", HEADER: "banner", FOOTER: "contentinfo" };
  const FROM_CONTENT = new Set(["button", "link", "heading", "tab", "menuitem", "menuitemcheckbox", "menuitemradio", "option", "checkbox", "radio",
    "switch", "treeitem", "tooltip", "clickable"]);
  const CLICKABLE = new Set(["button", "link", "textbox", "searchbox", "checkbox", "radio", "switch", "combobox", "listbox", "slider", "spinbutton",
    "tab", "menuitem", "menuitemcheckbox", "menuitemradio", "option", "treeitem", "colorbox", "date", "datetime", "month", "time", "week", "file", "clickable"]);
  const SKIP = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "LINK", "META", "TITLE", "OBJECT", "EMBED"]);
  const INLINE = new Set(["SPAN", "B", "I", "EM", "STRONG", "SMALL", "SUB", "SUP", "U", "S", "MARK", "ABBR", "CODE", "TIME", "FONT", "LABEL", "BIG",
    "CITE", "Q", "KBD", "VAR", "SAMP", "INS", "DEL", "BDI", "BDO", "WBR", "TT", "ACRONYM", "DATA"]);

  const roleOf = (el, cursor) => {
    const given = el.getAttribute("role");
    if (given) {
      const role = squeeze(given).split(" ")[0].toLowerCase();
      if (role && role !== "presentation" && role !== "none" && role !== "generic") return role;
      if (!INPUT_ROLES[el.type] && el.tagName !== "A") return "";
    }
    switch (el.tagName) {
      case "A": case "AREA": if (el.hasAttribute("href")) return "link"; break;
      case "INPUT": return el.type === "hidden" ? "" : INPUT_ROLES[el.type] || (el.list ? "combobox" : "textbox");
      case "SELECT": return el.multiple || el.size > 1 ? "listbox" : "combobox";
      case "SECTION": return el.hasAttribute("aria-label") || el.hasAttribute("aria-labelledby") ? "region" : "";
      case "IMG": if (el.getAttribute("alt") === "" && !el.title) return ""; break;
      case "svg": return el.querySelector(":scope > title") || el.hasAttribute("aria-label") ? "img" : "";
    }
    if (el.isContentEditable && !el.parentElement?.isContentEditable) return "textbox";
    const role = TAG_ROLES[el.tagName];
    if (role === "form") return el.hasAttribute("aria-label") || el.hasAttribute("aria-labelledby") || el.hasAttribute("name") ? role : "";
    if (role) return role;
    if (el.hasAttribute("onclick") || (el.tabIndex >= 0 && el.hasAttribute("tabindex")) || cursor) return "clickable";
    return "";
  };

  const shown = (el) => el.checkVisibility() || (getComputedStyle(el).display === "contents");

  // The text of an element, without what is hidden.
  const textOf = (node, budget) => {
    let text = "";
    for (let child = (node.shadowRoot || node).firstChild; child && text.length < budget; child = child.nextSibling) {
      if (child.nodeType === 3) text += child.data;
      else if (child.nodeType === 1 && !SKIP.has(child.tagName) && child.getAttribute("aria-hidden") !== "true" && shown(child)) {
        const label = child.getAttribute("aria-label") || (child.tagName === "IMG" ? child.alt : "");
        const part = label || textOf(child, budget - text.length);
        text += INLINE.has(child.tagName) ? part : ` ${part} `;
      }
    }
    return text;
  };

  const NAME_CHARS = 400;
  const nameOf = (el, role) => {
    const ids = el.getAttribute("aria-labelledby");
    if (ids) {
      const root = el.getRootNode();
      const text = squeeze(ids.split(/\s+/).map((id) => { const t = root.getElementById?.(id); return t ? textOf(t, NAME_CHARS) : ""; }).join(" "));
      if (text) return text;
    }
    const label = squeeze(el.getAttribute("aria-label") || "");
    if (label) return label;
    const tag = el.tagName;
    if (tag === "INPUT" && (el.type === "submit" || el.type === "button" || el.type === "reset")) {
      if (el.value) return squeeze(el.value);
      if (el.type !== "button") return el.type === "submit" ? "Submit" : "Reset";
    }
    if (el.labels?.length) {
      const text = squeeze([...el.labels].map((l) => textOf(l, NAME_CHARS)).join(" "));
      if (text) return text;
    }
    if (tag === "IMG" || tag === "AREA" || (tag === "INPUT" && el.type === "image")) { const alt = squeeze(el.alt || ""); if (alt) return alt; }
    if (tag === "TABLE" && el.caption) return squeeze(textOf(el.caption, NAME_CHARS));
    if (tag === "FIELDSET") { const legend = el.querySelector(":scope > legend"); if (legend) return squeeze(textOf(legend, NAME_CHARS)); }
    if (tag === "svg") { const title = el.querySelector(":scope > title"); if (title) return squeeze(title.textContent); }
    if (FROM_CONTENT.has(role) && tag !== "INPUT") { const text = squeeze(textOf(el, NAME_CHARS)); if (text) return text; }
    return squeeze(el.title || "");
  };

  const flag = (value) => (value === "true" ? true : value === "false" ? false : value === "mixed" ? "mixed" : undefined);

  const propsOf = (el, role) => {
    const p = {}, tag = el.tagName;
    if (role === "heading") p.level = +(el.getAttribute("aria-level") || tag[1]) || 2;
    if (tag === "INPUT" || tag === "TEXTAREA") {
      if (el.type === "checkbox" || el.type === "radio") p.checked = el.indeterminate ? "mixed" : el.checked;
      else if (role !== "button") {
        if (el.type === "file") { if (el.files.length) p.value = [...el.files].map((f) => f.name).join(", "); }
        else if (el.value) p.value = el.type === "password" ? "\u2022".repeat(el.value.length) : el.value.slice(0, 2000);
        if (el.placeholder) p.placeholder = el.placeholder;
      }
      if (el.readOnly) p.readonly = true;
    } else if (tag === "SELECT") {
      const options = [...el.options];
      p.value = options.filter((o) => o.selected).map((o) => squeeze(o.label)).join(", ");
      p.options = options.slice(0, 200).map((o) => squeeze(o.label));
    } else if (tag === "OPTION") p.selected = el.selected;
    else if (tag === "PROGRESS" || tag === "METER") p.value = String(el.value);
    else if (role === "textbox" && el.isContentEditable) p.value = squeeze(el.innerText).slice(0, 2000);
    else if (tag === "DETAILS") p.expanded = el.open;
    else if (tag === "SUMMARY" && el.parentElement?.tagName === "DETAILS") p.expanded = el.parentElement.open;
    const aria = (name) => flag(el.getAttribute(name));
    if (p.checked === undefined && aria("aria-checked") !== undefined) p.checked = aria("aria-checked");
    if (aria("aria-pressed") !== undefined) p.checked = aria("aria-pressed");
    if (aria("aria-expanded") !== undefined) p.expanded = aria("aria-expanded");
    if (aria("aria-selected") !== undefined) p.selected = aria("aria-selected");
    if (aria("aria-disabled") || (el.disabled !== undefined && el.matches(":disabled"))) p.disabled = true;
    if (el.required || aria("aria-required")) p.required = true;
    const now = el.getAttribute("aria-valuenow");
    if (now && p.value === undefined) p.value = el.getAttribute("aria-valuetext") || now;
    if (el === el.ownerDocument.activeElement) p.focused = true;
    return p;
  };

  // --- the list of what is there ------------------------------------------------------------------------------------

  const outline = (floor, maxNodes, maxChars) => {
    next = Math.max(next, floor);
    const rows = [];
    let chars = 0, full = false, run = "", runBox = null;
    const vw = window.innerWidth, vh = window.innerHeight;

    const push = (row, size) => {
      rows.push(row);
      chars += size;
      if (rows.length >= maxNodes || chars >= maxChars) full = true;
    };
    const flush = (at) => {
      const text = squeeze(run);
      if (text && !full) {
        const box = runBox.getBoundingClientRect(), x = at.x + box.x, y = at.y + box.y;
        const inside = x < vw && y < vh && x + box.width > 0 && y + box.height > 0;
        push([0, "text", text.slice(0, Math.max(0, maxChars - chars)), at.depth, at.parent, Math.round(x), Math.round(y), Math.round(box.width), Math.round(box.height), inside ? 1 : 0, null], text.length);
      }
      run = "";
      runBox = null;
    };

    const walk = (root, at) => {
      for (let node = root.firstChild; node && !full; node = node.nextSibling) {
        if (node.nodeType === 3) {
          if (!at.named && node.data) {
            if (!runBox && node.data.trim()) runBox = node.parentElement || node.getRootNode().host;
            run += node.data;
          }
        } else if (node.nodeType === 1) visit(node, at);
      }
    };

    const visit = (el, at) => {
      const tag = el.tagName;
      if (SKIP.has(tag)) return;
      if (tag === "BR") { run += " "; return; }
      if (!el.checkVisibility()) {
        if (getComputedStyle(el).display !== "contents" || !el.parentElement?.checkVisibility()) return;
      }
      if (el.getAttribute("aria-hidden") === "true" || el.inert) return;
      const style = getComputedStyle(el);
      const pointer = style.cursor === "pointer";
      const role = roleOf(el, pointer && !at.pointer && !at.clickable && !(INLINE.has(tag) && tag === "LABEL"));
      const visible = style.visibility === "visible";
      let inner = at;
      const breaks = !INLINE.has(tag) || role;
      if (breaks) flush(at);
      if (role && visible) {
        const box = el.getBoundingClientRect();
        const name = nameOf(el, role).slice(0, NAME_CHARS);
        const clickable = CLICKABLE.has(role);
        const x = at.x + box.x, y = at.y + box.y;
        const inside = x < vw && y < vh && x + box.width > 0 && y + box.height > 0;
        const props = propsOf(el, role);
        let any = false;
        for (const key in props) { any = true; if (typeof props[key] === "string") chars += props[key].length; }
        push([refOf(el), role, name, at.depth, at.parent, Math.round(x), Math.round(y), Math.round(box.width), Math.round(box.height),
          (inside ? 1 : 0) | (clickable ? 2 : 0), any ? props : null], name.length);
        const named = at.named || (FROM_CONTENT.has(role) && name !== "") || tag === "SELECT" || role === "textbox" || tag === "TEXTAREA";
        inner = { depth: at.depth + 1, parent: rows.length - 1, x: at.x, y: at.y, named, pointer, clickable: at.clickable || clickable };
      } else if (pointer !== at.pointer) inner = { ...at, pointer };
      if (!visible && !inner.named) inner = { ...inner, named: true, unseen: true };
      else if (visible && inner.unseen) inner = { ...inner, named: false, unseen: false };
      if (tag === "IFRAME" || tag === "FRAME") {
        let doc = null;
        try { doc = el.contentDocument; } catch { /* a frame that is just being replaced */ }
        if (doc?.documentElement) {
          const box = el.getBoundingClientRect();
          const start = { depth: inner.depth, parent: inner.parent, x: at.x + box.x + el.clientLeft, y: at.y + box.y + el.clientTop, named: false, pointer: false, clickable: false };
          if (doc.body) { walk(doc.body, start); flush(start); }
        }
      } else if (tag !== "SELECT" && tag !== "TEXTAREA" && tag !== "INPUT" && tag !== "svg" && tag !== "VIDEO" && tag !== "CANVAS") {
        if (el.shadowRoot) walk(el.shadowRoot, inner);
        else if (tag === "SLOT") {
          const given = el.assignedNodes();
          if (given.length) for (const node of given) {
            if (node.nodeType === 1) visit(node, inner);
            else if (node.nodeType === 3 && !inner.named) { runBox ||= el.parentElement || el; run += node.data; }
          } else walk(el, inner);
        } else walk(el, inner);
      }
      if (breaks) flush(inner);
    };

    const top = { depth: 0, parent: -1, x: 0, y: 0, named: false, pointer: false, clickable: false };
    const body = document.body || document.documentElement;
    if (body) { walk(body, top); flush(top); }
    return JSON.stringify({ rows, full, next, url: location.href, title: document.title });
  };

  // --- where to click -----------------------------------------------------------------------------------------------

  const describe = (el) => {
    const role = roleOf(el, false) || el.tagName.toLowerCase(), name = nameOf(el, role) || squeeze(textOf(el, 60));
    const ref = refs.get(el);
    return `${role}${name ? ` '${name.slice(0, 60)}'` : ""}${ref ? ` [${ref}]` : ""}`;
  };

  // The element at a point of the top document, through frames and open shadow roots.
  const hit = (x, y) => {
    let doc = document, el = null;
    for (;;) {
      let inner = doc.elementFromPoint(x, y);
      while (inner?.shadowRoot) {
        const deeper = inner.shadowRoot.elementFromPoint(x, y);
        if (!deeper || deeper === inner) break;
        inner = deeper;
      }
      el = inner;
      if (!el || (el.tagName !== "IFRAME" && el.tagName !== "FRAME") || !el.contentDocument) return el;
      const box = el.getBoundingClientRect();
      x -= box.x + el.clientLeft;
      y -= box.y + el.clientTop;
      doc = el.contentDocument;
    }
  };

  const parentOf = (node) => node.assignedSlot || node.parentNode || node.host || node.defaultView?.frameElement || null;
  const within = (node, ancestor) => {
    for (let n = node; n; n = parentOf(n)) if (n === ancestor) return true;
    return false;
  };

  // The part of a box that is left when every scrolling ancestor and frame has cut it, in the top document's coordinates.
  const visibleBox = (el) => {
    const cut = (box, by) => ({ l: Math.max(box.l, by.l), t: Math.max(box.t, by.t), r: Math.min(box.r, by.r), b: Math.min(box.b, by.b) });
    const plain = (r) => ({ l: r.left, t: r.top, r: r.right, b: r.bottom });
    const rects = [...el.getClientRects()].filter((r) => r.width > 0 && r.height > 0);
    let boxes = rects.map(plain);
    for (let node = parentOf(el); node; node = parentOf(node)) {
      if (node.nodeType === 9) {
        const view = node.defaultView, win = { l: 0, t: 0, r: view.innerWidth, b: view.innerHeight };
        boxes = boxes.map((b) => cut(b, win));
        const frame = view === window ? null : view.frameElement;
        if (frame) {
          const f = frame.getBoundingClientRect(), dx = f.x + frame.clientLeft, dy = f.y + frame.clientTop;
          boxes = boxes.map((b) => ({ l: b.l + dx, t: b.t + dy, r: b.r + dx, b: b.b + dy }));
        }
      } else if (node.nodeType === 1 && node !== node.ownerDocument.documentElement && node !== node.ownerDocument.body) {
        const s = getComputedStyle(node);
        if (s.overflowX !== "visible" || s.overflowY !== "visible") { const box = plain(node.getBoundingClientRect()); boxes = boxes.map((b) => cut(b, box)); }
      }
    }
    return boxes.find((b) => b.r - b.l >= 1 && b.b - b.t >= 1) || null;
  };

  // Where to point at element `ref`: {x, y}, or {gone} or {bad: why not}.
  const point = (ref, forInput) => {
    const el = elementOf(ref);
    if (!el) return { gone: true };
    if (forInput && (el.disabled !== undefined && el.matches(":disabled"))) return { bad: `${describe(el)} is disabled` };
    let target = el;
    if (!el.getClientRects().length && el.labels?.length) target = el.labels[0]; // hidden boxes are pressed by their labels
    if (el.tagName === "OPTION") return { bad: `${describe(el)} is an option: select it in its list instead` };
    if (!shown(target) || getComputedStyle(target).visibility !== "visible" || !target.getClientRects().length) return { bad: `${describe(el)} is not visible` };
    let box = visibleBox(target);
    const whole = target.getBoundingClientRect();
    if (!box || box.r - box.l < Math.min(whole.width, 16) || box.b - box.t < Math.min(whole.height, 16)) {
      target.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      box = visibleBox(target) || box;
    }
    if (!box) return { bad: `${describe(el)} is not visible: it has no size, or lies outside of what can be scrolled to` };
    let cover = null;
    const w = box.r - box.l, h = box.b - box.t;
    // The centre first; a corner badge or a small child may cover it, so then some other spots.
    for (const [fx, fy] of [[0.5, 0.5], [0.25, 0.5], [0.75, 0.5], [0.5, 0.25], [0.5, 0.75], [0.1, 0.1], [0.9, 0.9]]) {
      const x = box.l + w * fx, y = box.t + h * fy, top = hit(x, y);
      if (top && (within(top, target) || within(top, el) || [...(el.labels || [])].some((l) => within(top, l)))) return { x, y };
      cover ||= top;
    }
    return { bad: cover ? `${describe(el)} is covered by ${describe(cover)}` : `${describe(el)} is not visible` };
  };

  // Fields whose value is not typed character by character: put it in and tell the page. False for all others.
  const setValue = (ref, text) => {
    const el = elementOf(ref);
    if (el?.tagName !== "INPUT" || !["date", "time", "month", "week", "datetime-local", "color", "range"].includes(el.type)) return false;
    el.focus();
    el.value = text;
    el.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    el.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };

  const focus = (ref) => {
    const el = elementOf(ref);
    el?.focus();
    return !!el;
  };

  const selectAll = (ref) => {
    const el = elementOf(ref);
    if (!el) return;
    el.focus();
    if (el.select) el.select();
    else el.ownerDocument.getSelection().selectAllChildren(el);
  };

  const checked = (ref) => {
    const el = elementOf(ref);
    if (!el) return null;
    if (el.type === "checkbox" || el.type === "radio") return el.checked;
    return flag(el.getAttribute("aria-checked") ?? el.getAttribute("aria-pressed") ?? "") ?? (el.control ? el.control.checked ?? null : null);
  };

  const select = (ref, wanted) => {
    const el = elementOf(ref);
    if (el?.tagName !== "SELECT") return { bad: `${describe(el)} is no list to select from` };
    const options = [...el.options], chosen = [];
    for (const text of wanted) {
      const clean = squeeze(text);
      const option = options.find((o) => squeeze(o.label) === clean) || options.find((o) => o.value === text)
        || options.find((o) => squeeze(o.label).toLowerCase() === clean.toLowerCase());
      if (!option) return { bad: `${describe(el)} has no option '${text.slice(0, 80)}'`, legal: options.slice(0, 40).map((o) => squeeze(o.label)).join(", ").slice(0, 1000) };
      if (option.disabled) return { bad: `the option '${text.slice(0, 80)}' is disabled` };
      chosen.push(option);
    }
    el.focus();
    if (el.multiple) for (const o of options) o.selected = chosen.includes(o);
    else if (chosen.length) chosen.at(-1).selected = true;
    el.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    el.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };

  // The file field that an element is, labels or holds.
  const fileField = (ref) => {
    const el = elementOf(ref);
    const it = el?.type === "file" ? el : el?.control?.type === "file" ? el.control : el?.querySelector?.("input[type=file]");
    return it || null;
  };

  // Scroll what is under the middle of the viewport if it can move that way, else the page.
  const scroll = (dx, dy) => {
    const can = (el) => {
      const s = getComputedStyle(el);
      const v = dy && /auto|scroll/.test(s.overflowY) && (dy > 0 ? el.scrollTop + el.clientHeight < el.scrollHeight - 1 : el.scrollTop > 0);
      const h = dx && /auto|scroll/.test(s.overflowX) && (dx > 0 ? el.scrollLeft + el.clientWidth < el.scrollWidth - 1 : el.scrollLeft > 0);
      return v || h;
    };
    const page = document.scrollingElement || document.documentElement;
    const before = [page.scrollTop, page.scrollLeft];
    page.scrollBy({ left: dx, top: dy, behavior: "instant" });
    if (page.scrollTop !== before[0] || page.scrollLeft !== before[1]) return;
    for (let node = hit(innerWidth / 2, innerHeight / 2); node; node = parentOf(node)) {
      if (node.nodeType === 1 && can(node)) { node.scrollBy({ left: dx, top: dy, behavior: "instant" }); return; }
      if (node.nodeType === 9 && node !== document) {
        const inner = node.scrollingElement, was = inner.scrollTop;
        inner.scrollBy({ left: dx, top: dy, behavior: "instant" });
        if (inner.scrollTop !== was) return;
      }
    }
  };

  const frameDocuments = function* (doc = document) {
    yield doc;
    for (const frame of doc.querySelectorAll("iframe, frame")) {
      let inner = null;
      try { inner = frame.contentDocument; } catch { /* being replaced */ }
      if (inner) yield* frameDocuments(inner);
    }
  };

  // Resolves to true after `quiet` ms without a change of the DOM once everything is loaded, to false at the limit.
  const settled = (quiet, limit) => new Promise((resolve) => {
    let last = performance.now(), timer = 0;
    const end = last + limit;
    const watch = new MutationObserver(() => { last = performance.now(); });
    for (const doc of frameDocuments()) watch.observe(doc, { subtree: true, childList: true, attributes: true, characterData: true });
    const check = () => {
      const now = performance.now(), idle = now - last;
      if (now >= end || (idle >= quiet && document.readyState === "complete")) { watch.disconnect(); clearTimeout(timer); resolve(now < end); }
      else timer = setTimeout(check, document.readyState === "complete" ? Math.max(1, quiet - idle) : 5);
    };
    timer = setTimeout(check, quiet);
  });

  // The number of an element (or of the element that holds a text), and the next free one; null if it is not in the page.
  const number = (node, floor) => {
    next = Math.max(next, floor);
    const el = node.nodeType === 1 ? node : node.parentElement;
    return el?.isConnected ? [refOf(el), next] : null;
  };

  // Wait for the element that says an event's name; it stays between us, since nobody else knows the name.
  const heardOf = new Map();
  const listen = (name) => {
    for (const doc of frameDocuments()) {
      doc.addEventListener(name, (event) => { event.stopImmediatePropagation(); heardOf.set(name, event.composedPath()[0]); }, { capture: true, once: true });
    }
  };
  const heard = (name, floor) => {
    const el = heardOf.get(name);
    heardOf.delete(name);
    return el ? number(el, floor) : null;
  };

  globalThis.mtenvs = { listen, heard, outline, number, setValue, focus, selectAll, checked, select, fileField, scroll, point, settled, refOf, elementOf, hit, describe, next: () => next };
}
