// Lets Tab reach the boxes that scroll, each when it comes near the screen. The theme did it for all at once, folded ones too, with a
// layout before and after each: on a page with proofs the longest task of all. lean_pages.py takes that out.
(() => {
  const article = document.querySelector(".bd-article");
  if (!article) return;
  const SCROLLS = "pre, .cell_output > .output, .pst-scrollable-table-container";

  function mark(box) {
    const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    if (scrolls !== (box.tabIndex === 0)) box.tabIndex = scrolls ? 0 : -1;
  }
  const resized = new ResizeObserver((boxes) => boxes.forEach(({ target }) => mark(target)));
  const near = new IntersectionObserver((boxes) => boxes.forEach(({ target, isIntersecting }) => resized[isIntersecting ? "observe" : "unobserve"](target)), { rootMargin: "100%" });
  const find = () => article.querySelectorAll(SCROLLS).forEach((box) => near.observe(box));

  let soon;
  new MutationObserver(() => {
    clearTimeout(soon);
    soon = setTimeout(find, 300);
  }).observe(article, { subtree: true, childList: true });
  find();
})();
