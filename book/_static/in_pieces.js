// Lays a page out piece by piece: course.css leaves out what is far below the window while <html> has data-in-pieces (layout.html),
// and this brings in one block after the other while nothing else is to be done, or, once the reader scrolls, all the rest, since
// what is in sight must not move. In one go at the start it keeps a slow phone busy for a second.
(() => {
  const page = document.documentElement;
  const whenIdle = window.requestIdleCallback ?? ((run) => setTimeout(run, 50)); // Safari has none
  const finish = () => delete page.dataset.inPieces;
  let blocks;

  function next() {
    const block = blocks.shift();
    if (!block || !("inPieces" in page.dataset)) return finish();
    block.style.contentVisibility = "visible";
    whenIdle(next);
  }

  addEventListener("scroll", finish, { once: true, passive: true });
  addEventListener("load", () => {
    blocks = [...document.querySelectorAll(".bd-article > section > section > *")].filter((block) => getComputedStyle(block).contentVisibility === "auto");
    whenIdle(next);
  });
})();
