"""Labelled texts from a file: what a router learns from, or is measured on."""

from dataclasses import dataclass
from pathlib import Path

from portal.i18n import gettext as _
from portal.tables import TableError, open_table, read_rows

MAX_TEXT = 100_000
MAX_LABEL = 200


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts and the label of each."""

    texts: list[str]
    labels: list[str]

    def some(self, places: list[int]) -> "Examples":
        """The examples at these places."""
        return Examples(
            [self.texts[place] for place in places], [self.labels[place] for place in places]
        )


def read_examples(path: Path) -> Examples:
    """The rows of a CSV file with columns ``text`` and ``label``, packed or not.

    Raises
    ------
    TableError
        In one line that names the file, row and column.
    """
    found = Examples([], [])
    try:
        with open_table(path) as stream:
            for row in read_rows(stream, required=("text", "label"), max_cell=MAX_TEXT):
                for column in ("text", "label"):
                    if not row.values[column]:
                        raise TableError(_("nothing stands there"), row=row.number, column=column)
                if len(row.values["label"]) > MAX_LABEL:
                    message = _("longer than %(n)s characters", n=MAX_LABEL)
                    raise TableError(message, row=row.number, column="label")
                found.texts.append(row.values["text"])
                found.labels.append(row.values["label"])
    except TableError as error:
        raise TableError(f"{path.name}: {error}") from None
    if not found.texts:
        raise TableError(_("%(name)s: there is no row below the header.", name=path.name))
    return found


def require_two_labels(examples: Examples, name: str) -> None:
    """Raise TableError where there is nothing to tell apart."""
    if len(set(examples.labels)) < 2:
        raise TableError(
            _(
                "%(name)s: every row bears the label “%(label)s”; "
                "at least two are needed to tell anything apart.",
                name=name,
                label=examples.labels[0][:60],
            )
        )


def label_words(label: str) -> str:
    """What a label says about itself: its name, with underscores as spaces."""
    return label.replace("_", " ")
