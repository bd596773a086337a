"""Words of a text as NLTK's ``word_tokenize`` finds them: both suites look short references up among whole words."""

from __future__ import annotations

from functools import cache
from typing import Any

from mtenvs.core.errors import MissingRequirement


@cache
def _tokenizers() -> tuple[Any, Any]:
    try:
        import punkt  # noqa: PLC0415 - both take a second to import, and only some checks need them
        from nltk.tokenize.destructive import NLTKWordTokenizer  # noqa: PLC0415 - same
    except ImportError as e:
        raise MissingRequirement("web", e.name or "nltk", 'pip install "mtenvs[web]"') from e
    return punkt.PunktSentenceTokenizer(punkt.load_model("english")), NLTKWordTokenizer()


def words(text: str) -> list[str]:
    """The words and punctuation marks of an English text.

    Sentences are found by Punkt's English model, the words of each by the Treebank rules.

    Raises:
        MissingRequirement: NLTK or the model is not installed.
    """
    sentences, tokenizer = _tokenizers()
    return [word for sentence in sentences.tokenize(text) for word in tokenizer.tokenize(sentence)]
