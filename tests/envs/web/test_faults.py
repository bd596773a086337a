"""What breaks under an agent: processes that die, pages that hang or never end. The turn is spent, the agent told, the episode goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from small_site import Handler, Site
from small_web import HOME, SmallEnv, browsers, kill, number, renderers

from mtenvs.core.verdict import Verdict

PLAIN = "<title>Home</title><h1>Home</h1><a href=/next>Next</a>"
LIMIT_S = 7.0
"""An action, the rest after it and a look have three seconds each at most, and what hangs is stopped within two more."""


@pytest.fixture(scope="module")
def shared(site: Site) -> Iterator[SmallEnv]:
    with SmallEnv(site, obs_mode="text+vision") as made:
        yield made


@pytest.fixture
def env(site: Site, shared: SmallEnv) -> Iterator[SmallEnv]:
    """An episode on the plain page."""
    site.over.clear()
    site.pages = {"/": PLAIN, "/next": "<title>Next</title><h1>Next</h1>"}
    shared.reset(seed=1)
    yield shared
    site.over.set()


def told(env: SmallEnv, action: str, limit_s: float = LIMIT_S) -> str:
    """What is observed after an action that is no mistake of the agent, ends nothing and takes no longer than that."""
    began = time.monotonic()
    obs, reward, terminated, truncated, info = env.step(action)
    took = time.monotonic() - began
    assert (reward, terminated, truncated, info["action_error"]) == (0.0, False, False, None)
    assert env.observation_space.contains(obs)
    assert took < limit_s, took
    return str(obs["text"])


def usable(env: SmallEnv) -> None:
    """The episode goes on and can be won."""
    assert 'heading "Home"' in told(env, f'goto(url="{HOME}")')
    assert 'heading "Next"' in told(env, f"click(id={number(env, 'link', 'Next')})")
    info = env.step('stop(answer="done")')[4]
    assert (info["stop_reason"], info["verdict"].score) == ("goal_reached", 1.0)


def test_a_renderer_that_is_killed_costs_the_turn(env: SmallEnv) -> None:
    (browser,) = browsers("small.localhost")
    threading.Timer(0.3, lambda: kill(*renderers(browser))).start()
    text = told(env, "wait(ms=1500)")
    assert "crashed" in text
    assert "opened anew" in text
    assert 'link "Next"' in text
    assert env.turn == 1
    usable(env)


def test_a_renderer_that_is_killed_between_two_turns(env: SmallEnv) -> None:
    (browser,) = browsers("small.localhost")
    kill(*renderers(browser))
    assert "opened anew" in told(env, "press(key='Tab')")
    usable(env)


def test_a_renderer_that_is_killed_while_an_episode_begins(site: Site, env: SmallEnv) -> None:
    killed: list[int] = []

    def home(handler: Handler) -> None:
        if not killed:
            killed.extend(renderers(browsers("small.localhost")[0]))
            kill(*killed)
        handler.reply(PLAIN)

    site.pages["/"] = home
    assert 'link "Next"' in env.reset(seed=2)[0]["text"]
    assert killed
    usable(env)


def test_a_killed_browser_ends_each_of_its_episodes_and_the_next_ones_get_another(site: Site) -> None:
    site.pages = {"/": PLAIN, "/next": "<h1>Next</h1>", "/kill": lambda _: kill(*browsers("mortal.localhost"))}
    with SmallEnv(site, "mortal", obs_mode="text+vision") as first, SmallEnv(site, "mortal") as second, SmallEnv(site, "mortal") as late:
        for env in (first, second, late):
            env.reset(seed=1)
        assert len(browsers("mortal.localhost")) == 1
        obs, reward, terminated, truncated, info = first.step(f'goto(url="{HOME}kill")')
        assert (reward, terminated, truncated, info["stop_reason"]) == (0.0, False, True, "env_error")
        assert first.observation_space.contains(obs)
        assert "The browser is lost" in obs["text"]
        assert (info["success"], info["verdict"].score) == (False, 0.0)
        obs, _, _, truncated, info = second.step('press(key="Tab")')
        assert (truncated, info["stop_reason"]) == (True, "env_error")
        assert "The browser is lost" in obs["text"]
        first.reset(seed=1)  # a new browser, which the one who comes late has no episode in
        info = late.step('press(key="Tab")')[4]
        assert info["stop_reason"] == "env_error"
        for env in (second, late):
            env.reset(seed=1)
        assert len(browsers("mortal.localhost")) == 1
        for env in (first, second, late):
            usable(env)


def test_a_browser_that_is_killed_while_an_episode_begins_is_replaced(site: Site) -> None:
    killed: list[int] = []

    def home(handler: Handler) -> None:
        if not killed:
            killed.extend(browsers("early.localhost"))
            kill(*killed)
        handler.reply(PLAIN)

    site.pages = {"/": home, "/next": "<h1>Next</h1>"}
    with SmallEnv(site, "early") as env:
        assert 'link "Next"' in env.reset(seed=1)[0]["text"]
        assert killed
        usable(env)


def test_a_browser_that_is_gone_ends_the_episode_under_a_mistake_of_the_agent_as_well(site: Site) -> None:
    site.pages = {"/": PLAIN, "/next": "<h1>Next</h1>"}
    with SmallEnv(site, "frail") as env:
        env.reset(seed=1)
        kill(*browsers("frail.localhost"))
        info = env.step('upload(id=1, file="none")')[4]
        assert (info["action_error"] is not None, info["stop_reason"]) == (True, "env_error")
        env.reset(seed=1)
        usable(env)


def test_a_browser_that_dies_over_the_last_word_does_not_take_the_verdict_away(site: Site) -> None:
    class Doomed(SmallEnv):
        def _judged(self) -> Verdict:
            kill(*browsers("doomed.localhost"))
            return super()._judged()

    site.pages = {"/": PLAIN}
    with Doomed(site, "doomed", obs_mode="text+vision") as env:
        env.reset(seed=1)
        obs, reward, terminated, truncated, info = env.step('stop(answer="done")')
        assert (reward, terminated, truncated, info["stop_reason"]) == (1.0, True, False, "goal_reached")
        assert env.observation_space.contains(obs)
        env.reset(seed=1)


def test_a_page_that_never_comes(site: Site, env: SmallEnv) -> None:
    site.pages["/next"] = site.never
    text = told(env, f'goto(url="{HOME}next")')
    assert "did not answer" in text
    assert 'heading "Home"' in text
    assert "did not answer" in told(env, f"click(id={number(env, 'link', 'Next')})")
    site.pages["/next"] = "<h1>Next</h1>"
    usable(env)


@pytest.mark.slow
def test_an_episode_is_started_anew_in_the_middle_of_a_navigation(site: Site, env: SmallEnv) -> None:
    arrived = threading.Event()

    def never(_: Handler) -> None:
        arrived.set()
        site.over.wait(20)

    site.pages["/never"] = never
    site.pages["/"] = PLAIN + "<button onclick='setTimeout(() => { location = \"/never\" }, 30)'>Leave</button>"
    env.reset(seed=1)
    env.step(f"click(id={number(env, 'button', 'Leave')})")
    began = time.monotonic()
    assert 'heading "Home"' in env.reset(seed=1)[0]["text"]
    assert time.monotonic() - began < LIMIT_S
    assert arrived.wait(5)
    usable(env)


def test_redirects_without_end_are_a_mistake_that_costs_the_turn(site: Site, env: SmallEnv) -> None:
    site.pages["/round"] = lambda h: h.reply("", 302, Location=f"/round?{time.monotonic()}")
    obs, _, _, _, info = env.step(f'goto(url="{HOME}round")')
    assert info["action_error"] is not None
    assert "TOO_MANY_REDIRECTS" in obs["text"]
    usable(env)


def test_a_loop_of_alerts(site: Site, env: SmallEnv) -> None:
    site.pages["/alerts"] = "<button onclick=\"for (;;) alert('again')\">Press</button><p>still here</p>"
    told(env, f'goto(url="{HOME}alerts")')
    text = told(env, f"click(id={number(env, 'button', 'Press')})")
    assert "again" in text
    assert "still here" in text
    usable(env)


def test_alerts_while_the_page_loads(site: Site, env: SmallEnv) -> None:
    site.pages["/alerts"] = "<p>still here</p><script>alert('hello'); confirm('sure?'); prompt('name?', 'x')</script>"
    text = told(env, f'goto(url="{HOME}alerts")')
    assert all(word in text for word in ("hello", "sure?", "name?", "still here"))
    usable(env)


@pytest.mark.slow
def test_ten_megabytes_of_document_are_cut_with_a_mark(site: Site, env: SmallEnv) -> None:
    site.pages["/big"] = "<title>Big</title>" + "".join(f"<p>Line {i} {'x' * 180}</p>" for i in range(52_000))
    text = told(env, f'goto(url="{HOME}big")')
    assert "Line 0" in text
    assert len(text) <= 30_000
    assert text.endswith("characters cut ...]")
    usable(env)


@pytest.mark.slow
def test_a_script_without_end_is_stopped(site: Site, env: SmallEnv) -> None:
    site.pages["/spin"] = "<button onclick='for (;;);'>Spin</button><h1>Still here</h1>"
    told(env, f'goto(url="{HOME}spin")')
    text = told(env, f"click(id={number(env, 'button', 'Spin')})", 10)
    assert "did not end" in text
    assert 'heading "Still here"' in text
    usable(env)


def test_a_page_that_closes_itself_or_opens_many(site: Site, env: SmallEnv) -> None:
    site.pages["/many"] = "<button onclick='for (let i = 0; i < 60; i++) open(\"/next\")'>Open</button>"
    told(env, f'goto(url="{HOME}many")')
    told(env, f"click(id={number(env, 'button', 'Open')})", 15)
    assert len(env.session.tabs()) <= 20
    site.pages["/close"] = "<script>close()</script>"
    told(env, f'goto(url="{HOME}close")')
    usable(env)


def test_doing_nothing_is_no_fault(env: SmallEnv) -> None:
    text = told(env, env.idle_action(), 1)
    assert "lost" not in text
    assert "crashed" not in text
    usable(env)
