// Lets Tab reach the boxes that scroll. The theme did it box by box, with a layout before and after each, folded ones too:
// on a page with proofs the longest task of all. lean_pages.py takes that out.
(() => {
  const article = document.querySelector(".bd-article");
  if (!article) return;

  function mark() {
    const boxes = [...article.querySelectorAll("pre, .cell_output > .output, .pst-scrollable-table-container")]
      .filter((box) => box.checkVisibility({ contentVisibilityAuto: true })); // not the folded, nor what is still to come: in_pieces.js
    const scrolls = boxes.map((box) => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight);
    boxes.forEach((box, i) => {
      if (scrolls[i] !== (box.tabIndex === 0)) box.tabIndex = scrolls[i] ? 0 : -1;
    });
  }

  let soon;
  new ResizeObserver(mark).observe(article); // called when the layout is done anyway
  new MutationObserver(() => {
    clearTimeout(soon);
    soon = setTimeout(mark, 300);
  }).observe(article, { subtree: true, childList: true });
  addEventListener("toggle", mark, true); // of a fold
  document.fonts.ready.then(mark);
})();
