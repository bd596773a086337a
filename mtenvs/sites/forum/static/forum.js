// Comfort only: everything works without this file.
"use strict";

const post = (form, extra = {}) => {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  return fetch(form.getAttribute("action") + ".json", { method: "POST", body, credentials: "same-origin" }).then((answer) => {
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  });
};

const showVote = (form, choice, score) => {
  const up = form.querySelector(".vote__up"), down = form.querySelector(".vote__down"), net = form.querySelector(".vote__net-score");
  form.classList.remove("vote--user-upvoted", "vote--user-downvoted", "vote--failed");
  if (choice) form.classList.add(choice > 0 ? "vote--user-upvoted" : "vote--user-downvoted");
  up.title = choice > 0 ? "Retract upvote" : "Upvote";
  up.value = choice > 0 ? 0 : 1;
  down.title = choice < 0 ? "Retract downvote" : "Downvote";
  down.value = choice < 0 ? 0 : -1;
  net.textContent = score;
  net.setAttribute("aria-label", `Score ${score}`);
};

document.addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter;
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
    event.preventDefault();
  } else if (form.matches(".vote") && button) {
    event.preventDefault();
    const choice = Number(button.value);
    post(form, { choice })
      .then((answer) => showVote(form, choice, answer.netScore))
      .catch(() => form.classList.add("vote--failed"));
  } else if (form.matches(".subscribe-form")) {
    event.preventDefault();
    post(form).then((answer) => {
      const on = answer.subscribed, label = form.querySelector(".subscribe-button__label"), count = form.querySelector("b");
      const path = form.getAttribute("action");
      form.setAttribute("action", path.replace(/(un)?subscribe$/, on ? "unsubscribe" : "subscribe"));
      label.textContent = on ? "Unsubscribe" : "Subscribe";
      form.querySelector("button").classList.toggle("subscribe-button--unsubscribe", on);
      if (count) count.textContent = (Number(count.textContent.replace(/,/g, "")) + (on ? 1 : -1)).toLocaleString("en-US");
      const named = form.querySelector("button[aria-label]");
      if (named) named.setAttribute("aria-label", `${on ? "Unsubscribe from" : "Subscribe to"} ${path.split("/")[2]}`);
    });
  }
});

document.addEventListener("click", (event) => {
  const toggle = event.target.closest(".dropdown__toggle"), reply = event.target.closest(".comment__reply-link");
  for (const open of document.querySelectorAll(".dropdown--expanded")) {
    if (!toggle || !open.contains(toggle)) {
      open.classList.remove("dropdown--expanded");
      open.querySelector(".dropdown__toggle").setAttribute("aria-expanded", "false");
    }
  }
  if (toggle) {
    const on = toggle.parentElement.classList.toggle("dropdown--expanded");
    toggle.setAttribute("aria-expanded", String(on));
    if (!on) toggle.blur();
  } else if (reply && !event.ctrlKey && !event.metaKey) {
    const main = reply.closest(".comment__main"), shown = main.querySelector(":scope .comment-form");
    event.preventDefault();
    if (shown) {
      shown.querySelector("textarea").focus();
      return;
    }
    fetch(reply.dataset.formUrl, { credentials: "same-origin" })
      .then((answer) => (answer.ok && !answer.redirected ? answer.text() : Promise.reject(new Error("no form"))))
      .then((html) => {
        const form = new DOMParser().parseFromString(html, "text/html").querySelector(".comment-form");
        main.append(form);
        form.querySelector("textarea").focus();
      })
      .catch(() => { window.location.href = reply.href; });
  }
});
