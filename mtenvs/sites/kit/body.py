"""What a request brings in its body: a form, files or bytes, with limits that hold while it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from mtenvs.sites.kit.refused import Refused
from mtenvs.sites.kit.uploads import MAX_UPLOAD, Upload
from mtenvs.sites.kit.visit import Sent, whole

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope

MAX_BODY: Final = 4 * MAX_UPLOAD
_MAX_HEARD: Final = 4 * MAX_BODY  # of a refused body that is read away; whoever sends more finds the line cut
_MAX_FIELDS: Final = 2_000
_MAX_FIELD: Final = 2**20


class Body:
    """The body of a request as it comes, for Starlette in the place of ``receive``.

    Args:
        receive: the server's.

    Its length is counted, since not every request says it in advance.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._size = 0
        self._more = True

    async def __call__(self) -> Message:
        """The next part.

        Raises:
            Refused: there is too much of it.
        """
        message = await self._next()
        if self._size > MAX_BODY:
            raise Refused(413, "That is too large.")
        return message

    async def _next(self) -> Message:
        message = await self._receive()
        self._size += len(message.get("body", b""))
        self._more = bool(message.get("more_body"))
        return message

    async def read_away(self) -> None:
        """Let the rest come, and forget it: a browser that is still sending does not hear an answer."""
        while self._more and self._size <= _MAX_HEARD:
            await self._next()


async def read(scope: Scope, receive: Receive) -> Sent:
    """What a request brought.

    Raises:
        Refused: it is too large, or no form.
        ClientDisconnect: whoever sent it has gone.
    """
    if scope["method"] in ("GET", "HEAD"):
        return Sent()
    body = Body(receive)
    try:
        return await _read(Request(scope, body))
    except Refused:
        await body.read_away()
        raise


async def _read(request: Request) -> Sent:
    if whole(request.headers.get("content-length"), 0) > MAX_BODY:
        raise Refused(413, "That is too large.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return Sent(body=await request.body())
    try:
        async with request.form(max_files=8, max_fields=_MAX_FIELDS, max_part_size=_MAX_FIELD) as form:
            return await _sorted(form)
    except (HTTPException, MultiPartException) as e:
        said = str(getattr(e, "detail", e))
        if said.startswith(("Too many", "Part exceeded", "Field exceeded")):
            raise Refused(413, "The form is too large.") from e
        raise Refused(400, "The form can not be read.") from e


async def _sorted(form: FormData) -> Sent:
    fields: list[tuple[str, str | UploadFile]] = []
    uploads: dict[str, Upload] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read(MAX_UPLOAD + 1)
            if len(content) > MAX_UPLOAD:
                raise Refused(413, f"Files are at most {MAX_UPLOAD // 2**20} MB.")
            if value.filename:
                uploads[name] = await run_in_threadpool(Upload.examined, value.filename[:255], content)
        else:
            fields.append((name, value))
    return Sent(form=FormData(fields), uploads=uploads)
