// Makes the terminal ready to type in: it is fitted once more when its letters are there, and gets the keys.
const begun = new MutationObserver(async () => {
  if (!document.body.classList.contains("-first-byte")) return;
  begun.disconnect();
  await document.fonts.ready;
  window.dispatchEvent(new Event("resize"));
  document.querySelector(".xterm-helper-textarea").focus();
});
addEventListener("DOMContentLoaded", () => begun.observe(document.body, { attributeFilter: ["class"] }));
