// Turns the questions of a page (book/_extensions/self_check.py) into forms: choose, check, read what is said on the choice.
for (const form of document.querySelectorAll("form.self-check")) {
  const choices = [...form.querySelectorAll("input")];
  const key = form.querySelector("details");
  const check = form.querySelector(".self-check-button");
  const status = form.querySelector("[role=status]");

  for (const control of [...choices, check]) control.hidden = false;
  key.hidden = true;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter !== check) return; // a copy button of a code block
    const chosen = choices.findIndex((choice) => choice.checked);
    if (chosen < 0) {
      status.textContent = "Choose an answer first.";
      delete status.dataset.right;
      return;
    }
    const said = key.querySelectorAll("li[data-right]")[chosen];
    status.replaceChildren(...said.cloneNode(true).childNodes);
    status.dataset.right = said.dataset.right;
  });
}
