// Turns the cells of a page into editors that run (book/_extensions/live.py), on a server that Binder starts, or on one of the
// reader's own on this machine, which the address names: #live=http://127.0.0.1:8899&token=… It is kept for the pages that follow
// in the same tab. Thebe does the work, and is loaded on the click. What happens is always said, in a line with the role status.
(() => {
  const HERE = ["127.0.0.1", "localhost", "[::1]"];
  const SILENCE = 180, ANSWER = 10, START = 60; // seconds of patience: with Binder, for an answer, for a kernel
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

  const say = (words, detail = "") => {
    bar.hidden = false;
    status.textContent = words;
    log.textContent = detail;
    if (help) help.hidden = true;
  };
  const fail = (words, detail) => {
    say(words, detail);
    if (help) help.hidden = false;
  };
  const within = (seconds, promise, words) =>
    Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error(words)), seconds * 1000))]);

  // Which server: of the reader's own only on this machine; Binder names its own, by https.

  const isHere = (url) => /^https?:$/.test(url.protocol) && HERE.includes(url.hostname) && !url.username && !url.password;
  const keep = (server) => sessionStorage.setItem("live", JSON.stringify(server));
  const kept = () => JSON.parse(sessionStorage.getItem("live"));

  function readAddress() {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (asked.has("live")) {
      history.replaceState(null, "", location.pathname + location.search); // the token is nobody else's business
      const url = URL.parse(asked.get("live"));
      if (url && isHere(url)) keep({ url: url.origin + url.pathname.replace(/\/?$/, "/"), token: asked.get("token") ?? "", own: true });
      else fail(`Refused: the address asks to run this page's cells on ${asked.get("live")}. Apart from Binder, only a server on your own machine may run them (127.0.0.1, localhost). Nothing was sent.`);
    }
    start.parentElement.hidden = !start.dataset.binder && !kept()?.own;
  }

  async function check({ url, token, own }) {
    const again = own ? " Start it again with `make live` in the course's folder, and open the address that it prints." : " Reload the page, and start again: Binder gives you another one.";
    const options = { headers: { Authorization: `token ${token}` }, redirect: "error", cache: "no-store", signal: AbortSignal.timeout(ANSWER * 1000) };
    const answer = await fetch(`${url}api/status`, options).catch(() => null);
    if (answer?.ok) return;
    const isThere = answer ?? (await fetch(url, { mode: "no-cors", signal: AbortSignal.timeout(ANSWER * 1000) }).catch(() => null)); // a refusal is not shown to us
    throw new Error(`The server at ${url} ${isThere ? "refuses: the token is not its own, or it serves another site" : "does not answer"}.${again}`);
  }

  async function findServer() {
    const known = kept();
    if (known) {
      say(`Connecting to the server at ${known.url} …`);
      const answers = check(known).then(() => known);
      if (known.own) return answers;
      const server = await answers.catch(() => sessionStorage.removeItem("live")); // Binder's live for minutes
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
        const words = PHASES[phase];
        if (phase === "ready") {
          const safe = URL.parse(url);
          if (safe?.protocol === "https:" || (safe && isHere(safe))) resolve({ url, token });
          else giveUp(`Binder has named a server without encryption, ${url}.`);
        } else if (phase === "failed") giveUp(`Binder has failed: ${message.trim() || "it does not say why"}.`);
        else if (words && status.textContent !== words) say(words, message);
        else log.textContent = message; // outside the status, which a screen reader reads out
      };
    }).finally(() => {
      clearTimeout(patience);
      events.close();
    });
  }

  // The cells: each gets an editor, a place for what it prints next, and a button.

  function load(address) {
    const isStyle = address.endsWith(".css");
    const element = Object.assign(document.createElement(isStyle ? "link" : "script"), isStyle ? { rel: "stylesheet", href: address } : { src: address });
    return new Promise((resolve, reject) => {
      element.onload = resolve;
      element.onerror = () => reject(new Error("The editor could not be loaded from this site. Reload the page, and try again."));
      document.head.append(element);
    });
  }

  function prepare(box) {
    box.querySelector(".copybtn")?.remove();
    box.querySelector(".cell_input > div").classList.add("live-source");
    const output = Object.assign(document.createElement("div"), { className: "live-output cell_output" });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "live-run" });
    box.append(button, output);
    const old = box.querySelector(".cell_output:not(.live-output)");
    if (old) button.after(old); // stays until the first run
    return { box, button, output, old };
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
    const ready = started.then(async (all) => (await all.session.kernel.info, all));
    const { session, notebook } = await within(START, ready, "The server answers, but starts no kernel. Reload the page, and try again.");
    const cleanUp = { method: "DELETE", keepalive: true, headers: { Authorization: `token ${server.token}` } };
    addEventListener("pagehide", () => fetch(`${server.url}api/sessions/${session.id}`, cleanUp));
    run(server, session.kernel, cells.map((cell, i) => ({ ...cell, thebe: notebook.cells[i], name: `cell ${i + 1}` })));
  }

  function run(server, kernel, cells) {
    let queue = Promise.resolve(), running = false, away = false, broken, breakOff;
    const renew = () => (broken = new Promise((_, reject) => (breakOff = (words) => { reject(new Error(words)); renew(); }))).catch(() => {});
    const lookAfter = () => check(server).catch(({ message }) => { away = true; breakOff(message); fail(message); });
    renew();

    async function one({ box, output, old, thebe, name }) {
      if (kernel.connectionStatus !== "connected") await check(server);
      old?.remove();
      output.ariaBusy = "true";
      say(`Running ${name} …`);
      const done = thebe.execute().then((result) => result ?? thebe.clear());
      const result = await Promise.race([done, broken]).finally(() => (output.ariaBusy = "false"));
      output.querySelectorAll("img").forEach((image) => (image.alt = `The figure that ${name} has drawn.`));
      const error = result?.error?.[0];
      say(error ? `Stopped in ${name}: ${error.ename}: ${error.evalue}` : `Finished ${name}.`);
      return !error || box.classList.contains("tag_raises-exception");
    }

    function several(chosen) {
      const round = broken;
      const settled = new Promise((resolve) => setTimeout(resolve, 120)); // an editor takes up to 80 ms to notice what was typed
      queue = queue.then(() => settled).then(async () => {
        if (round !== broken) return; // broken off while it waited
        running = true;
        for (const cell of chosen) if (!(await one(cell))) return;
        if (chosen.length > 1) say(`Finished: all ${chosen.length} cells have run.`);
      }).catch(({ message }) => fail(message)).finally(() => (running = false));
    }

    for (const cell of cells) {
      const editor = cell.box.querySelector(".CodeMirror").CodeMirror;
      editor.setOption("extraKeys", { "Shift-Enter": () => several([cell]), Tab: false, "Shift-Tab": false });
      Object.assign(editor.getInputField(), { role: "textbox", ariaMultiLine: "true", ariaLabel: `Code of ${cell.name}` });
      cell.button.textContent = `Run ${cell.name}`;
      cell.button.onclick = () => several([cell]);
    }
    kernel.connectionStatusChanged.connect((_, now) => {
      if (now !== "connected") lookAfter();
      else if (away) away = say("The server answers again. If the cells no longer know their variables, run them from the top.");
    });
    kernel.statusChanged.connect((_, now) => {
      if (["autorestarting", "dead"].includes(now)) breakOff("The kernel has died, of too little memory perhaps, and its variables with it. Run the cells from the top; if it is dead again, press Restart.");
    });
    setInterval(() => running && lookAfter(), ANSWER * 1500);
    all.onclick = () => several(cells);
    restart.onclick = () => {
      breakOff("Restarting …");
      within(START, kernel.restart(), "The kernel does not restart.").then(() => say("Restarted: no variable is left. Run the cells from the top."), ({ message }) => fail(message));
    };
    start.parentElement.hidden = true;
    buttons.hidden = false;
    all.focus();
    say("Ready. Change a cell and run it, with its button or Shift+Enter; begin at the top, since cells build on those before them.");
  }

  leave.onclick = () => location.reload();
  start.onclick = async () => {
    start.disabled = true;
    await findServer().then(connect).catch(({ message }) => fail(message));
    start.disabled = false;
  };
  addEventListener("hashchange", readAddress);
  readAddress();
})();
