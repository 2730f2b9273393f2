// Loads a figure's script when the figure comes near the screen: until then its picture stands there, and the page is quick.
const near = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) if (isIntersecting) {
    near.unobserve(target);
    import(`./${target.localName}.js`);
  }
}, { rootMargin: "100%" });
for (const figure of document.querySelectorAll(".playable")) near.observe(figure);
