"""How Chromium is started: the flags, and why each is there."""

from __future__ import annotations

import os
import time

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-client-side-phishing-detection",
    "--no-first-run",
    "--no-pings",
    "--disable-quic",  # UDP would not pass by the table of hosts in the same way
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # no UDP past the table of hosts
    "--disable-breakpad",
)
"""No call home, and no way around the table of hosts."""
SAME = (
    "--force-color-profile=srgb",
    "--force-device-scale-factor=1",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--disable-font-subpixel-positioning",
    "--disable-partial-raster",
    "--disable-skia-runtime-opts",
    "--force-prefers-reduced-motion",
    "--disable-smooth-scrolling",
    "--disable-blink-features=AutomationControlled",
)
"""The same picture of the same page, on any machine."""
SMALL = (
    "--disable-gpu",  # there is none that is worth its process here
    "--disable-site-isolation-trials",  # with it, every iframe of another site would be a process more
    "--disable-software-rasterizer",
    "--renderer-process-limit=64",
)
"""Fewer processes and less memory for each context."""
# Playwright's own list, since the last --disable-features on a command line is the only one that counts, and ours behind it.
FEATURES_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "OptimizationHints", "NetworkTimeServiceQuerying",
    "AcceptCHFrame", "Translate", "InterestFeedContentSuggestions", "DialMediaRouteProvider", "AutofillServerCommunication",
    "IsolateOrigins", "site-per-process", "SpareRendererForSitePerProcess", "WebTransport", "FencedFrames", "Prerender2",
)  # fmt: skip


WITHOUT_WEBRTC = "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) delete globalThis[name];"
"""Calls to other people's machines do not ask the table of hosts, so there are none."""
CLOCK = """{
  const Real = Date, ahead = AHEAD_MS;
  const now = () => Real.now() + ahead;
  globalThis.Date = new Proxy(Real, {
    construct: (_, given, target) => Reflect.construct(Real, given.length ? given : [now()], target),
    apply: () => new Real(now()).toString(),
    get: (_, name) => (name === 'now' ? now : Reflect.get(Real, name, Real)),
  });
  Real.prototype.constructor = globalThis.Date;
}"""
"""Shifts what ``Date`` says and nothing else: timers run as they do."""


def prelude(clock: float | None) -> str:
    """The script that every document of a session begins with.

    Args:
        clock: what time it is now for the pages, in seconds since 1970; None for the real time.
    """
    if clock is None:
        return WITHOUT_WEBRTC
    # The documents come later than this moment: what is ahead must be counted from the real clock now.
    ahead = round((clock - time.time()) * 1000)
    return WITHOUT_WEBRTC + CLOCK.replace("AHEAD_MS", str(ahead))


def surroundings() -> dict[str, str | float | bool]:
    """The environment variables of the browser: ours, but for a proxy, which would look names up by itself, past the table of hosts."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


def flags(rules: str, extra: tuple[str, ...] = ()) -> list[str]:
    """The command line behind what Playwright adds of its own.

    Args:
        rules: for ``--host-resolver-rules``, see `Hosts.rules`.
        extra: flags of the caller.
    """
    root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()  # Chromium's own sandbox refuses root
    return [*QUIET, *SAME, *SMALL, f"--disable-features={','.join(FEATURES_OFF)}", f"--host-resolver-rules={rules}", *root, *extra]
