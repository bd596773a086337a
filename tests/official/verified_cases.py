"""Answers and network logs for a task of WebArena-Verified: what it wants, and what is near that."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote_plus, urlencode

from fitting import fitting

Case = dict[str, Any]


def cases(row: Mapping[str, Any], addresses: Mapping[str, str]) -> Iterator[Case]:
    """Every case of a task: ``answer`` and ``events``.

    Args:
        row: the task as in the file.
        addresses: of the sites.
    """
    answers = [one for one in row["eval"] if one["evaluator"] == "AgentResponseEvaluator"]
    checks = [one for one in row["eval"] if one["evaluator"] == "NetworkEventEvaluator"]
    right = right_answer(answers[0])
    events = [other(addresses, row), *(event(one, addresses) for one in checks if not one.get("should_not_exist")), picture(addresses, row)]
    base = {"answer": json.dumps(right), "events": events}
    yield base
    for answer in near_answers(right, answers[0]):
        yield {**base, "answer": answer}
    for number, one in enumerate(checks):
        at = 1 + sum(not c.get("should_not_exist") for c in checks[:number])
        yield from ({**base, "events": log} for log in near_logs(events, at, one, addresses))


def right_answer(one: Mapping[str, Any]) -> dict[str, Any]:
    """The expected answer, with the first of several alternatives."""
    expected = one["expected"]
    return {
        "task_type": expected["task_type"].upper(),
        "status": expected["status"],
        "retrieved_data": [_first(item) for item in expected.get("retrieved_data") or ()] or None,
    }


def _first(item: Any) -> Any:
    if isinstance(item, list):
        return item[0]
    if isinstance(item, dict):
        return {k: _first(v) if not (isinstance(v, list) and k in {"names", "supermarkets"}) else v for k, v in item.items()}
    return sample(item) if isinstance(item, str) else item


def near_answers(right: Mapping[str, Any], one: Mapping[str, Any]) -> Iterator[Any]:
    """Whole answers near the right one, as text or data."""
    text = json.dumps(right)
    yield from (
        right,
        f"```json\n{text}\n```",
        f"Here it is:\n```\n{text}\n```\nDone.",
        text.lower(),
        text + " ",
        text[:-1],
        "",
        "done",
        "[]",
        "null",
        json.dumps([right]),
        json.dumps({k: v for k, v in right.items() if k != "retrieved_data"}),
        json.dumps({k: v for k, v in right.items() if k != "status"}),
        json.dumps({k: v for k, v in right.items() if k != "task_type"}),
        json.dumps({"performed_operation": right["task_type"], **{k: v for k, v in right.items() if k != "task_type"}}),
        json.dumps({**right, "error_details": "none"}),
        json.dumps({**right, "status": "NOT_FOUND_ERROR" if right["status"] == "SUCCESS" else "SUCCESS"}),
        json.dumps({**right, "status": f" '{right['status'].lower()}'. "}),
        json.dumps({**right, "status": None}),
        json.dumps({**right, "status": 5}),
        json.dumps({**right, "task_type": "MUTATE" if right["task_type"] != "MUTATE" else "RETRIEVE"}),
        json.dumps({**right, "task_type": ""}),
    )
    for data in near_data(right["retrieved_data"], one):
        yield json.dumps({**right, "retrieved_data": data})


def near_data(data: Any, one: Mapping[str, Any]) -> Iterator[Any]:
    """Retrieved data near the right one."""
    yield from (None, [], "", 0, False, "x", ["x"], {}, [{}], [None], [[]], [["a", "b"]], [{"a": 1}], 3.5)
    if not data:
        return
    yield from (data[1:], data[:-1], [*data, data[0]], [*data, "more"], data[::-1], json.dumps(data), [json.dumps(d) for d in data])
    if len(data) == 1:
        yield data[0]
    for raw in one["expected"]["retrieved_data"]:
        if isinstance(raw, list):
            yield from ([alternative, *data[1:]] for alternative in raw)
            yield [raw, *data[1:]]
    for change in CHANGES:
        yield [_changed(item, change) for item in data]
        if len(data) > 1:
            yield [_changed(data[0], change), *data[1:]]
    if isinstance(data[0], dict):
        for key in data[0]:
            yield [{k: v for k, v in data[0].items() if k != key}, *data[1:]]
            yield [{**data[0], key: None}, *data[1:]]
            for change in CHANGES:
                yield [{**data[0], key: _changed(data[0][key], change)}, *data[1:]]
        yield [{**data[0], "extra": 1}, *data[1:]]
        yield [list(item.values()) for item in data]


def _number(text: str, by: float) -> str:
    return re.sub(r"\d+(?:\.\d+)?", lambda m: f"{float(m[0]) + by:g}", text, count=1)


CHANGES = (
    str.upper,
    lambda s: f" {s} ",
    lambda s: f'"{s}".',
    lambda s: f"${s}",
    lambda s: f"{s} USD",
    lambda s: f"-{s}",
    lambda s: f"{s}x",
    lambda s: s.replace(" ", ""),
    lambda s: s.replace(" ", "  "),
    lambda s: s.replace("-", " "),
    lambda s: s.replace("e", "é"),
    lambda s: s + "™",
    lambda s: s[: len(s) // 2],
    lambda s: " ".join(reversed(s.split())),
    lambda s: _number(s, 1),
    lambda s: _number(s, 0.05),
    lambda s: _number(s, 0.5),
    lambda s: re.sub(r"(\d+)\s*min\w*", lambda m: f"{int(m[1]) + 2}m", s),
    lambda s: re.sub(r"(\d+)\s*min\w*", lambda m: f"{int(m[1])} minutes", s),
    lambda s: re.sub(r"(\d+):(\d+)", r"\1 hours \2 minutes", s),
    lambda s: re.sub(r"([\d.]+)\s*km", lambda m: f"{float(m[1]) * 1000:g} m", s),
    lambda s: re.sub(r"([\d.]+)\s*(km|m)\b", lambda m: f"{float(m[1]) / 1.609344:.3f} {'miles' if m[2] == 'km' else 'yards'}", s),
    lambda s: re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\2/\3/\1", s),
    lambda s: re.sub(r"\d(\d\d\d)\b", r"9,\1", s),
    lambda s: {"1": "one", "2": "two", "true": "yes", "false": "no", "True": "yes", "False": "n"}.get(s, s),
    lambda s: {"January": "Jan", "March": "03", "May": "5", "February": "feb"}.get(s, s),
    lambda _: "",
    lambda _: "N/A",
)


def _changed(item: Any, change: Any) -> Any:
    if isinstance(item, dict):
        return {k: _changed(v, change) for k, v in item.items()}
    if isinstance(item, list):
        return [_changed(v, change) for v in item]
    if isinstance(item, bool) or item is None:
        return change(str(item))
    if isinstance(item, (int, float)):
        changed = change(str(item))
        try:
            return json.loads(changed)
        except ValueError:
            return changed
    return change(item) if isinstance(item, str) else item


def sample(pattern: str | list[str]) -> str:
    """A text that fits a pattern of the kinds that the tasks use, the first of several; any other text as it is."""
    pattern = pattern[0] if isinstance(pattern, list) else pattern
    return fitting(pattern) if pattern.startswith("^") and pattern.endswith("$") else pattern


def _filled(text: str, addresses: Mapping[str, str]) -> str:
    for name in sorted(addresses, key=len, reverse=True):
        text = text.replace(f"__{name.upper()}__", addresses[name])
    return text


def event(one: Mapping[str, Any], addresses: Mapping[str, str]) -> dict[str, Any]:
    """A HAR entry that satisfies a check."""
    expected = one["expected"]
    url = expected["url"][0] if isinstance(expected["url"], list) else expected["url"]
    url = _filled(sample(url), addresses)
    if not url.startswith("http"):
        url = f"{next(iter(addresses.values()))}/{url.lstrip('/')}"
    if expected.get("query_params"):
        values = [(k, sample(v)) for k, many in expected["query_params"].items() for v in (many if isinstance(many, list) else [many])]
        url = f"{url.split('?')[0]}?{urlencode(values)}"
    headers = {"Accept": "text/html,*/*", "Sec-Fetch-User": "?1", "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}
    headers |= {k: _filled(sample(v), addresses) for k, v in (expected.get("headers") or {}).items()}
    as_text = {k for k, v in (one.get("post_data_schema") or {}).get("properties", {}).items() if v.get("format") == "markdown"}
    return entry(
        url,
        expected.get("http_method") or "GET",
        expected.get("response_status", 200),
        headers,
        posted={k: v if k.startswith("$.issue") or "?(" in k else _first(v) for k, v in (expected.get("post_data") or {}).items()},
        answered=expected.get("response_content"),
        cookies={k: sample(v) for k, v in (expected.get("response_cookies") or {}).items()},
        addresses=addresses,
        as_text=as_text,  # addresses in Markdown are compared as placeholders, which no real page sends; see DEVIATIONS
    )


def entry(
    url: str,
    method: str,
    status: int,
    headers: Mapping[str, str],
    *,
    posted: Mapping[str, Any] | None = None,
    answered: Any = None,
    cookies: Mapping[str, str] | None = None,
    addresses: Mapping[str, str] | None = None,
    as_text: Collection[str] = (),
) -> dict[str, Any]:
    """A HAR entry; what is posted as text keeps its placeholders."""
    request: dict[str, Any] = {"url": url, "method": method, "headers": [{"name": k, "value": v} for k, v in headers.items()]}
    if posted:
        request["postData"] = _body(posted, addresses or {}, as_text)
    content = (
        {"mimeType": "application/json", "text": json.dumps(_nested(answered))} if answered else {"mimeType": "text/html", "text": "x"}
    )
    return {
        "request": request,
        "response": {
            "status": status,
            "headers": [],
            "cookies": [{"name": k, "value": quote(v)} for k, v in (cookies or {}).items()],
            "content": content,
            "redirectURL": "",
        },
    }


def _body(posted: Mapping[str, Any], addresses: Mapping[str, str], as_text: Collection[str] = ()) -> dict[str, str]:
    filled = {k: _filled(v, addresses) if isinstance(v, str) and k not in as_text else v for k, v in posted.items()}
    if any(k.startswith("$") for k in filled):
        names = {k: v for k, v in filled.items() if k.startswith("$.^")}
        plain = {k: v for k, v in filled.items() if k not in names}
        data = {**_nested(plain), **{sample(k[2:]).split("|")[0]: v for k, v in names.items()}}
        if any(k.startswith("$") and not k.startswith("$.^") for k in filled):
            return {"mimeType": "application/json", "text": json.dumps(data)}
        filled = data
    if any(not isinstance(v, str) for v in filled.values()):  # also for nothing, which no form can say
        return {"mimeType": "application/json; charset=utf-8", "text": json.dumps(filled)}
    return {"mimeType": "application/x-www-form-urlencoded", "text": urlencode(filled)}


def _nested(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields named by simple JSON paths as an object."""
    out: dict[str, Any] = {}
    for key, value in fields.items():
        if "?(" in key:
            name = key.split("'")[1]
            out[name] = json.dumps([{"newProduct": 1, "attributes": v} for v in value] + [{"newProduct": 0, "attributes": "x"}])
            continue
        steps = re.findall(r"[^.\[\]]+|\[\d+\]", key.removeprefix("$.")) if key.startswith("$.") else [key]
        at: Any = out
        for step, following in zip(steps, [*steps[1:], ""], strict=True):
            place: Any = int(step[1:-1]) if step.startswith("[") else step
            if isinstance(at, list):
                at.extend({} for _ in range(place + 1 - len(at)))
            if not following:
                at[place] = value
            elif isinstance(at, dict):
                at = at.setdefault(place, [] if following.startswith("[") else {})
            else:
                at = at[place]
    return out


def other(addresses: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
    """A request that no check asks for."""
    return entry(f"{addresses[row['sites'][0]]}/unrelated/page", "GET", 200, {"Accept": "application/json"})


def picture(addresses: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
    """A request that does not count."""
    return entry(f"{addresses[row['sites'][0]]}/unrelated/picture.png?x=1", "GET", 200, {"Accept": "text/html"})


def near_logs(
    events: list[dict[str, Any]], at: int, one: Mapping[str, Any], addresses: Mapping[str, str]
) -> Iterator[list[dict[str, Any]]]:
    """Logs in which one event is another than a check wants."""
    wanted = event(one, addresses)
    yield [e for i, e in enumerate(events) if i != at]
    yield [*events, other(addresses, {"sites": list(addresses)[:1]})]
    yield [*events, wanted]
    for changed in near_events(wanted):
        if one.get("should_not_exist"):
            yield [*events, changed]
            continue
        yield [*events[:at], changed, *events[at + 1 :]]
        yield [*events, changed]


def near_events(right: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Events near a right one."""
    for change in (
        lambda u: u + "/",
        lambda u: u + "x",
        str.upper,
        lambda u: u.split("?")[0],
        lambda u: u + ("&" if "?" in u else "?") + "page=3",
        lambda u: u + ("&" if "?" in u else "?") + "other=3",
        lambda u: re.sub(r"\d(?=\D*$)", "8", u),
        lambda u: u.replace("http://", "https://"),
        lambda u: u.split("?")[0] + "?" + "&".join(reversed(u.partition("?")[2].split("&"))),
        lambda u: u.replace("127.0.0.1", "localhost"),
        lambda u: u + "#there",
        lambda u: re.sub(r"=([^&]+)", lambda m: "=" + m[1].upper(), u),
    ):
        made = copy.deepcopy(right)
        made["request"]["url"] = change(right["request"]["url"])
        yield made
    for method in ("GET", "POST", "get", "PUT"):
        yield {**copy.deepcopy(right), "request": {**copy.deepcopy(right["request"]), "method": method}}
    for status in (200, 302, 404, 201):
        yield {**copy.deepcopy(right), "response": {**copy.deepcopy(right["response"]), "status": status}}
    for header in right["request"]["headers"]:
        made = copy.deepcopy(right)
        made["request"]["headers"] = [h for h in made["request"]["headers"] if h["name"] != header["name"]]
        yield made
        for change in (lambda v: v + "x", str.upper, lambda v: v + "/more"):
            made = copy.deepcopy(right)
            next(h for h in made["request"]["headers"] if h["name"] == header["name"])["value"] = change(header["value"])
            yield made
    for part in ("cookies",):
        for change in (lambda v: v + "x", lambda _: "", lambda v: v.replace("added", "put")):
            made = copy.deepcopy(right)
            for cookie in made["response"][part]:
                cookie["value"] = change(cookie["value"])
            yield made
    yield from near_bodies(right, "request", "postData")
    yield from near_bodies(right, "response", "content")


def near_bodies(right: dict[str, Any], side: str, name: str) -> Iterator[dict[str, Any]]:
    """Events whose body is near a right one."""
    body = right[side].get(name)
    if not body or body["text"] == "x":
        return
    form = "urlencoded" in body["mimeType"]
    parts = body["text"].split("&") if form else []
    texts = [
        body["text"] + "&more=1",
        body["text"].upper(),
        body["text"] + "x",
        "",
        body["text"].replace("1", "2"),
        body["text"].replace("%0A", "%0D%0A"),
    ]
    texts += ["&".join(parts[:i] + parts[i + 1 :]) for i in range(len(parts))]
    texts += ["&".join([*parts[:i], parts[i] + end, *parts[i + 1 :]]) for i in range(len(parts)) for end in ("x", "+", ".", "%0A", "0")]
    if not form:
        data = json.loads(body["text"])
        texts += [json.dumps({k: v for k, v in data.items() if k != key}) for key in data]
        texts += [json.dumps({**data, key: value}) for key in data for value in ("x", None, 1, [1, 2], [])]
        texts += [re.sub(r'"([^"]*)"(?=[,}\]])', lambda m: f'"{m[1]} "', body["text"]), re.sub(r"(\d)(?=[,}\]])", "9", body["text"])]
    for text in texts:
        made = copy.deepcopy(right)
        made[side][name]["text"] = text
        yield made
    made = copy.deepcopy(right)
    made[side][name] = _multipart(parts) if form else _form(json.loads(body["text"]))
    yield made
    for kind in ("text/plain", "application/json"):
        made = copy.deepcopy(right)
        made[side][name]["mimeType"] = kind
        yield made


def _form(data: Mapping[str, Any]) -> dict[str, str]:
    fields = {k: v if isinstance(v, str) else "" if v is None else json.dumps(v) for k, v in data.items()}
    return {"mimeType": "application/x-www-form-urlencoded", "text": urlencode(fields)}


def _multipart(parts: list[str]) -> dict[str, str]:
    fields = [part.partition("=") for part in parts]
    lines = [f'--b\r\nContent-Disposition: form-data; name="{unquote_plus(k)}"\r\n\r\n{unquote_plus(v)}\r\n' for k, _, v in fields]
    return {"mimeType": "multipart/form-data; boundary=b", "text": "".join(lines) + "--b--\r\n"}
