// Turns the cells of a page into editors that run (book/_extensions/live.py), on a server that Binder starts, or on one of the
// reader's own on this machine, which the address names: #live=http://127.0.0.1:8899&token=… It is kept for the pages that follow
// in the same tab. Thebe does the work, and is loaded on the click. What happens is always said, in a line with the role status.
(() => {
  const HERE = ["127.0.0.1", "localhost", "[::1]"];
  const SILENCE = 180, ANSWER = 10, START = 60; // seconds of patience: with Binder, with a server, with a kernel
  const COLOURS = /\x1b\[[\d;]*m/g; // a terminal's, in Binder's log
  const PHASES = {
    waiting: "Binder has the request and will start soon.",
    fetching: "Binder is fetching the course.",
    building: "Binder is building the course's environment: several minutes the first time, kept for the next.",
    pushing: "Binder is storing the environment that it has built.",
    built: "Binder has the course's environment ready.",
    launching: "Binder is starting a server.",
  };
  const start = document.getElementById("live");
  const bar = document.querySelector("section.live");
  const [status, log, help, buttons] = ["[role=status]", ".live-log", ".live-help", ".live-buttons"].map((one) => bar.querySelector(one));
  const [all, restart, leave] = buttons.children;

  // A status that stays as it is is not written again, else it would be read out again with every line of Binder's log.
  function say(words, detail = "") {
    bar.hidden = false;
    if (status.textContent !== words) status.textContent = words;
    log.textContent = detail.replace(COLOURS, "");
    if (help) help.hidden = true;
  }
  function fail({ message }) {
    say(message);
    if (help) help.hidden = false;
  }
  const after = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const within = (seconds, promise, words) => Promise.race([promise, after(seconds).then(() => Promise.reject(new Error(words)))]);

  // Which server: of the reader's own only on this machine; Binder names its own, with encryption.

  const isHere = (url) => /^https?:$/.test(url.protocol) && HERE.includes(url.hostname) && !url.username && !url.password;
  const keep = (server) => sessionStorage.setItem("live", JSON.stringify(server));
  const kept = () => JSON.parse(sessionStorage.getItem("live"));

  function readAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (asked.has("live")) {
      history.replaceState(null, "", location.pathname + location.search); // the token is nobody else's business
      const url = URL.parse(asked.get("live"));
      if (url && isHere(url)) keep({ url: url.origin + url.pathname.replace(/\/?$/, "/"), token: asked.get("token") ?? "", own: true });
      else fail(new Error(`Refused: the address asks to run this page's cells on “${asked.get("live")}”. Apart from Binder, only a server on your own machine may run them (127.0.0.1, localhost). Nothing was sent.`));
    }
    start.parentElement.hidden = !start.dataset.binder && !kept()?.own;
  }

  async function check({ url, token, own }) {
    const options = { cache: "no-store", redirect: "error", signal: AbortSignal.timeout(ANSWER * 1000) };
    const answer = await fetch(`${url}api/status`, { ...options, headers: { Authorization: `token ${token}` } }).catch(() => null);
    if (answer?.ok) return;
    const isThere = answer ?? (await fetch(url, { ...options, redirect: "follow", mode: "no-cors" }).catch(() => null)); // we are not shown a refusal
    const why = isThere ? "refuses: the token is not its own, or it serves another site" : "does not answer";
    const next = own ? "Start it again with “make live” in the course's folder, and open the address that it prints." : "Reload the page, and start again: Binder gives you another one.";
    throw new Error(`The server at ${url} ${why}. ${next}`);
  }

  async function findServer() {
    const known = kept();
    if (known) {
      say(`Connecting to the server at ${known.url} …`);
      const answers = check(known).then(() => known);
      if (known.own) return answers;
      const server = await answers.catch(() => sessionStorage.removeItem("live")); // Binder's are gone after a while
      if (server) return server;
    }
    const server = await askBinder();
    await check(server);
    keep(server);
    return server;
  }

  function askBinder() {
    say("Asking Binder for a server …");
    const events = new EventSource(`https://mybinder.org/build/${start.dataset.binder}`);
    let patience;
    return new Promise((resolve, reject) => {
      const giveUp = (words) => reject(new Error(`${words} Try again later, or run the page in another way.`));
      const wait = () => {
        clearTimeout(patience);
        patience = setTimeout(giveUp, SILENCE * 1000, `Binder has said nothing for ${SILENCE / 60} minutes.`);
      };
      wait();
      events.onerror = () => giveUp("Binder cannot be reached from here, or has refused: it may be down, or full.");
      events.onmessage = ({ data }) => {
        wait();
        const { phase, message = "", url, token } = JSON.parse(data);
        if (phase === "failed") return giveUp(`Binder has failed: ${message.trim() || "it does not say why"}.`);
        if (phase !== "ready") return say(PHASES[phase] ?? status.textContent, message);
        if (new URL(url).protocol === "https:" || isHere(new URL(url))) return resolve({ url, token });
        giveUp(`Binder has named a server without encryption, ${url}.`);
      };
    }).finally(() => {
      clearTimeout(patience);
      events.close();
    });
  }

  // The cells: each gets an editor, a button, and a place for what it prints from now on.

  function load(address) {
    const style = address.endsWith(".css");
    const element = document.createElement(style ? "link" : "script");
    Object.assign(element, style ? { rel: "stylesheet", href: address } : { src: address });
    return new Promise((resolve, reject) => {
      element.onload = resolve;
      element.onerror = () => reject(new Error("The editor could not be loaded from this site. Reload the page, and try again."));
      document.head.append(element);
    });
  }

  function prepare(box, i) {
    box.querySelector(".copybtn")?.remove();
    box.querySelector(".cell_input > div").classList.add("live-source");
    const old = box.querySelector(".cell_output"); // stays until the first run
    const button = Object.assign(document.createElement("button"), { type: "button", className: "live-run", textContent: `Run cell ${i + 1}` });
    const output = Object.assign(document.createElement("div"), { className: "live-output cell_output" });
    box.querySelector(":scope > :is(.cell_input, details)").after(button, output);
    return { box, button, output, old, name: `cell ${i + 1}` };
  }

  async function connect(server) {
    await Promise.all(start.dataset.files.split(" ").map(load));
    const cells = [...document.querySelectorAll("div.cell:has(.cell_input)")].map(prepare);
    say("Starting a kernel …");
    const started = thebe.bootstrap({
      useBinder: false,
      requestKernel: true,
      selector: ".live-source",
      outputSelector: ".live-output",
      mathjaxUrl: "",
      mountRunButton: false,
      mountRunAllButton: false,
      mountRestartButton: false,
      mountRestartAllButton: false,
      codeMirrorConfig: { lineNumbers: false, indentUnit: 4, inputStyle: "contenteditable", viewportMargin: Infinity },
      serverSettings: { baseUrl: server.url, wsUrl: server.url.replace(/^http/, "ws"), token: server.token, appendToken: true },
      kernelOptions: { kernelName: "python3", path: `${start.dataset.folder}/live-${crypto.randomUUID()}.ipynb` },
    });
    const ready = started.then(async (thebe) => (await thebe.session.kernel.info, thebe));
    const { session, notebook } = await within(START, ready, "The server answers, but starts no kernel. Reload the page, and try again.");
    const cleanUp = { method: "DELETE", keepalive: true, headers: { Authorization: `token ${server.token}` } };
    addEventListener("pagehide", () => fetch(`${server.url}api/sessions/${session.id}`, cleanUp));
    cells.forEach((cell, i) => (cell.thebe = notebook.cells[i]));
    run(server, session.kernel, cells);
  }

  function run(server, kernel, cells) {
    let queue = Promise.resolve(), running = false, away = false;
    let broken, breakOff; // a promise that is rejected when what runs and waits is broken off; then the next one takes its place
    const renew = () => {
      broken = new Promise((_, reject) => {
        breakOff = (words) => {
          reject(new Error(words));
          renew();
        };
      });
      broken.catch(() => {});
    };
    const lookAfter = () => check(server).catch((error) => {
      away = true;
      breakOff(error.message);
      fail(error);
    });
    renew();

    // Run a cell; return whether the next may run.
    async function one({ box, output, old, thebe, name }) {
      if (kernel.connectionStatus !== "connected") await check(server);
      old?.remove();
      output.ariaBusy = "true";
      say(`Running ${name} …`);
      const done = thebe.execute().then((result) => result ?? thebe.clear());
      const result = await Promise.race([done, broken]).finally(() => (output.ariaBusy = "false"));
      for (const image of output.querySelectorAll("img")) image.alt = `The figure that ${name} has drawn.`;
      for (const wide of output.querySelectorAll("pre")) if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
      const error = result?.error?.[0];
      say(error ? `Stopped in ${name}: ${error.ename}: ${error.evalue}` : `Finished ${name}.`);
      return !error || box.classList.contains("tag_raises-exception");
    }

    // Run cells one after another, after those that wait already.
    function several(chosen) {
      const round = broken, settled = after(0.12); // an editor takes up to 80 ms to notice what was typed
      queue = queue.then(() => settled).then(async () => {
        if (round !== broken) return; // broken off while it waited
        running = true;
        for (const cell of chosen) if (!(await one(cell))) return;
        if (chosen.length > 1) say(`Finished: all ${chosen.length} cells have run.`);
      }).catch(fail).finally(() => (running = false));
    }

    for (const cell of cells) {
      const editor = cell.box.querySelector(".CodeMirror").CodeMirror;
      editor.setOption("extraKeys", { "Shift-Enter": () => several([cell]), Tab: false, "Shift-Tab": false });
      Object.assign(editor.getInputField(), { role: "textbox", ariaMultiLine: "true", ariaLabel: `Code of ${cell.name}` });
      cell.button.onclick = () => several([cell]);
    }
    kernel.connectionStatusChanged.connect((_, now) => {
      if (now !== "connected") return lookAfter();
      if (away) say("The server answers again. If the cells no longer know their variables, run them from the top.");
      away = false;
    });
    kernel.statusChanged.connect((_, now) => {
      if (["autorestarting", "dead"].includes(now)) breakOff("The kernel has died, of too little memory perhaps, and its variables with it. Run the cells from the top; if it is dead again, press Restart.");
    });
    setInterval(() => running && lookAfter(), ANSWER * 1500);
    all.onclick = () => several(cells);
    restart.onclick = () => {
      breakOff("Restarting …");
      const again = within(START, kernel.restart(), "The kernel does not restart. Reload the page, and start again.");
      again.then(() => say("Restarted: no variable is left. Run the cells from the top."), fail);
    };
    buttons.hidden = false;
    all.focus();
    start.parentElement.hidden = true;
    say("Ready. Change a cell and run it, with its button or Shift+Enter; begin at the top, since cells build on those before them.");
  }

  leave.onclick = () => location.reload();
  start.onclick = async () => {
    start.disabled = true;
    await findServer().then(connect).catch(fail);
    start.disabled = false;
  };
  addEventListener("hashchange", readAddress);
  readAddress();
})();
