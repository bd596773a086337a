"""Pages on which an agent might mislead the verifier: what it reads on its own page, and when it reads, is not theirs to choose."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from small_site import Handler, Site
from small_web import HOME, SmallEnv, number

from mtenvs.core.verdict import Verdict
from mtenvs.envs.web.evaluators import judge_task
from mtenvs.envs.web.session_pages import SessionPages

TRUTH = "<h1>Truth</h1><p id=state>open</p>"
CHECK = {
    "eval_types": ["program_html"],
    "program_html": [
        {"url": HOME + "state", "locator": "document.querySelector('#state').innerText", "required_contents": {"exact_match": "done"}},
        {"url": HOME + "state", "locator": "", "required_contents": {"must_include": [">done<"]}},
    ],
}
SPOOFS = {
    "overridden functions": """<script>
      const lie = {innerText: 'done', outerText: 'done', textContent: 'done'};
      document.querySelector = Document.prototype.querySelector = () => lie;
      window.fetch = async () => new Response('<p id=state>done</p>');
      Object.defineProperty(HTMLElement.prototype, 'innerText', {get: () => 'done'});
      localStorage.state = sessionStorage.state = 'done';
      document.cookie = 'state=done';
    </script><p id=state>done</p>""",
    "a service worker": """<script>
      navigator.serviceWorker && navigator.serviceWorker.register('/worker.js', {scope: '/'}).catch(() => 0);
    </script><p id=state>done</p>""",
    "an address that is none": "<script>history.pushState({}, '', '/state')</script><p id=state>done</p>",
    "windows of its own": """<script>
      for (const name of ['', '_blank', 'probe', 'verifier']) {
        const w = open('/state', name);
        w && w.addEventListener('load', () => { w.document.body.innerHTML = '<p id=state>done</p>' });
      }
    </script><p id=state>done</p>""",
    "a busy script": "<p id=state>done</p><script>addEventListener('load', () => setTimeout(() => { for (;;); }, 100))</script>",
    "alerts": "<p id=state>done</p><script>setInterval(() => alert('done'), 20)</script>",
    "no way to leave": """<script>
      addEventListener('beforeunload', e => { e.preventDefault(); e.returnValue = 'x' });
    </script><p id=state>done</p>""",
}


def worker(handler: Handler) -> None:
    """A service worker that answers everything."""
    handler.reply(
        "addEventListener('fetch', e => e.respondWith(new Response('<p id=state>done</p>', {headers: {'Content-Type': 'text/html'}})))",
        Content_Type="text/javascript",
    )


class Verified(SmallEnv):
    """Judged as official tasks are."""

    check: dict[str, Any] = CHECK

    def _judged(self) -> Verdict:
        pages = SessionPages(self.session)
        try:
            return judge_task(self.check, self._answer or "", pages, suite="webarena", intent="")
        finally:
            pages.close()


@pytest.fixture(scope="module")
def env(site: Site) -> Iterator[Verified]:
    with Verified(site, "spoofed", max_turns=1000) as made:
        yield made


def stopped(env: Verified, answer: str) -> tuple[str, float | None]:
    """How the episode ends on an answer, and its score; the verdict is not held up."""
    began = time.monotonic()
    info = env.step(f'stop(answer="{answer}")')[4]
    assert time.monotonic() - began < 15
    return info["stop_reason"], info["verdict"].score


@pytest.mark.parametrize("spoof", [pytest.param(name, marks=pytest.mark.slow) if name == "a busy script" else name for name in SPOOFS])
def test_the_verifier_reads_the_site_and_not_the_agents_page(site: Site, env: Verified, spoof: str) -> None:
    site.pages = {
        "/": "<h1>Home</h1>",
        "/state": TRUTH,
        "/spoof": SPOOFS[spoof],
        "/worker.js": worker,
    }
    env.reset(seed=1)
    env.step(f'goto(url="{HOME}spoof")')
    assert stopped(env, "done") == ("goal_failed", 0.0)
    env.reset(seed=1)
    env.step(f'goto(url="{HOME}spoof")')
    site.pages["/state"] = TRUTH.replace("open", "done")  # now it is done, and the page stands in nobody's way
    assert stopped(env, "") == ("goal_reached", 1.0)


def test_a_verdict_in_the_middle_of_a_navigation(site: Site, env: Verified) -> None:
    site.pages = {
        "/": "<button onclick='setTimeout(() => { location = \"/never\" }, 50)'>Leave</button><p id=state>open</p>",
        "/never": site.never,
        "/state": TRUTH.replace("open", "done"),
    }
    env.reset(seed=1)
    env.step(f"click(id={number(env, 'button', 'Leave')})")
    assert stopped(env, "") == ("goal_reached", 1.0)
