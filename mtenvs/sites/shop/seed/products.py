"""The category tree and the products in it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from mtenvs.sites.shop.seed.kinds import COLORS, LABELS, PATTERNS, SHOE_SIZES, SIZES, Kind, code, slug
from mtenvs.sites.shop.seed.kinds_home import HOME
from mtenvs.sites.shop.seed.kinds_life import LIFE
from mtenvs.sites.shop.seed.kinds_tech import TECH

KINDS: Final = TECH + HOME + LIFE
PER_KIND: Final = 26
_MENU: Final = (
    "Electronics", "Home & Kitchen", "Clothing", "Sports & Outdoors", "Beauty & Health", "Toys & Games", "Office & Books", "Garden & Pets", "Grocery",
)
_SERIES: Final = (
    "Alba Alto Anvil Arbor Aria Aster Atlas Aura Basil Beacon Birch Bloom Bolt Brio Brook Calla Canto Cedar Cinder Cirro Clover Comet Coral Cove Crest Dahlia Dawn "
    "Delta Drift Dune Echo Elm Ember Fable Fern Finch Flint Fondo Gale Garnet Glade Grove Halo Haven Hazel Heron Indigo Iris Isla Ivy Jade Jolt Juno Kappa Kite Lark "
    "Laurel Lento Linnet Lotus Luna Lyra Maple Mesa Mira Moss Nova Oasis Olive Onyx Opal Orbit Otter Pearl Piper Prism Quill Rana Reef Rhea Robin Rowan Sable Sage "
    "Sierra Sol Sorrel Sprig Terra Thistle Tidal Topaz Umbra Vesper Vista Willow Wren Zenith Zephyr"
).split()
_ENDINGS: Final = (99, 99, 95, 49, 50, 0, 79)
_DAY: Final = datetime(2023, 1, 9, 8, 0)  # noqa: DTZ001 - the sites' world has one time zone
_DAYS: Final = 1230  # until May 2026


@dataclass
class Variant:
    """What can be put in a cart: a simple product, or one of the variants of a configurable one."""

    id: int
    sku: str
    price: int
    options: dict[str, str] = field(default_factory=dict)


@dataclass
class Made:
    """A product that people see."""

    id: int
    kind: Kind
    name: str
    sku: str
    brand: str
    weight: int
    created_at: datetime
    enabled: bool
    variants: list[Variant]
    charm: float  # how content people are with it, 0 to 1
    weak: str  # what they complain about most


def add_categories(db: sqlite3.Connection) -> dict[str, int]:
    """The tree: url_path of each category -> id."""
    found: dict[str, int] = {}
    rows: list[tuple[object, ...]] = []
    for top in _MENU:
        for kind in (k for k in KINDS if k.path.startswith(top + "/")):
            names = kind.path.split("/")
            for level in range(1, len(names) + 1):
                path = "/".join(slug(name) for name in names[:level])
                if path not in found:
                    found[path] = len(found) + 3  # 1 and 2 are the roots that administrators know
                    parent = found.get(path.rpartition("/")[0], 2)
                    text = f"{names[level - 1]} of all makers, from the plain to the special."
                    rows.append((found[path], parent, names[level - 1], path, level, len(rows), text))
    db.executemany("INSERT INTO category (id, parent_id, name, url_path, level) VALUES (?, ?, ?, ?, ?)", [(1, None, "Root Catalog", "", -1), (2, 1, "Default Category", "-", 0)])
    db.executemany("INSERT INTO category (id, parent_id, name, url_path, level, position, description) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    return found


def add_attributes(db: sqlite3.Connection) -> None:
    """What products are described by, and the values that variants can have."""
    labels = {code(spec.partition("=")[0]): spec.partition("=")[0] for kind in KINDS for spec in kind.specs}
    rows = [(c, label, 0) for c, label in sorted(labels.items()) if c not in LABELS]
    db.executemany("INSERT INTO attribute VALUES (?, ?, ?)", [*rows, *((c, label, 1) for c, label in LABELS.items())])
    values = {"color": list(COLORS), "size": [*SIZES.split("|"), *SHOE_SIZES.split("|")], "capacity": [], "pack": []}
    for kind in KINDS:
        for option in kind.options.split(" ") if "=" not in kind.options else _options(kind):
            name, _, given = option.partition("=")
            if name:
                values[name] += [v for v in given.split("|") if v and v not in values[name]]
    db.executemany(
        "INSERT INTO attribute_option (code, label, position) VALUES (?, ?, ?)", [(c, label, i) for c, found in values.items() for i, label in enumerate(found)]
    )


def _options(kind: Kind) -> list[str]:
    """``size=20 cm|24 cm color`` taken apart; the values may have spaces, names have none."""
    with_color = kind.options.endswith(" color")
    return [kind.options.removesuffix(" color"), *(["color"] if with_color else [])]


def spec_values(spec: str) -> tuple[str, list[str]]:
    """A label and all that a product may have there."""
    label, _, given = spec.partition("=")
    if ".." not in given:
        parts = given.split("|")
        unit = parts[-1].partition(" ")[2] if all(p.replace(".", "").replace("-", "").isdigit() for p in parts[:-1]) and len(parts) > 1 else ""
        return label, [f"{p} {unit}" if unit and " " not in p else p for p in parts]
    span, _, rest = given.partition("/")
    low, high = (int(n) for n in span.split(".."))
    step, _, unit = rest.partition(" ")
    return label, [f"{n} {unit if n != 1 else unit.removesuffix('s')}" for n in range(low, high + 1, int(step))]


def add_products(db: sqlite3.Connection, seed: int, categories: dict[str, int]) -> list[Made]:
    """All products with variants, attributes, categories and related ones."""
    maker = _Maker(Random(f"{seed}/products"), categories)
    for number, kind in enumerate(KINDS):
        maker.add_kind(kind, number)
    maker.write(db)
    return maker.made


class _Maker:
    """Collects the rows of all tables, and writes each table in one go."""

    def __init__(self, rng: Random, categories: dict[str, int]) -> None:
        self.rng, self.categories = rng, categories
        self.made: list[Made] = []
        self.products: list[tuple[object, ...]] = []
        self.attributes: list[tuple[int, str, str]] = []
        self.configurable: list[tuple[int, str, int]] = []
        self.places: list[tuple[int, int]] = []
        self.related: list[tuple[int, int, int]] = []

    def add_kind(self, kind: Kind, number: int) -> None:
        """The products of one leaf."""
        rng, first = self.rng, len(self.made)
        series = rng.sample(_SERIES, PER_KIND)
        prefix = "".join(part[0] for part in kind.leaf.replace("-", " ").replace("& ", "").split()[:2]).upper().ljust(2, "X")
        for i in range(PER_KIND):
            self._add(kind, f"{prefix}{number + 11}{i + 1:02d}", series[i], i)
        same = self.made[first:]
        for product in same:
            others = rng.sample([other.id for other in same if other is not product and other.enabled], 4)
            self.related += [(product.id, other, position) for position, other in enumerate(others)]

    def _add(self, kind: Kind, sku: str, series: str, i: int) -> None:
        rng = self.rng
        brand = rng.choice(kind.brands.split())
        word = rng.choice(kind.words.split("|"))
        specs = {label: rng.choice(values) for label, values in map(spec_values, kind.specs)}
        if word in {"Leather", "Cork", "Cast Iron", "Bamboo"} and "Material" in specs:
            specs["Material"] = word.lower()
        options = self._chosen_options(kind)
        colors = options.get("color") or [rng.choice(kind.colors.split())]
        name = f"{brand} {series} {word} {kind.noun}"
        if kind.per_name:
            name += f" {specs[kind.per_name]}" if kind.per_name != "Protection Factor" else f" SPF {specs[kind.per_name]}"
        if "color" not in options:
            name += f", {colors[0]}"
        pattern = rng.choice(PATTERNS) if kind.patterns and rng.random() < 0.5 else "plain"
        low, high = kind.price
        price = max(1, round(low * (high / low) ** rng.random() ** 1.4)) * 100 + rng.choice(_ENDINGS)
        special = price * rng.choice((70, 75, 80, 85, 90)) // 100 if rng.random() < 0.16 else None
        created = _DAY + timedelta(days=int(_DAYS * rng.random() ** 1.8), minutes=rng.randrange(600))
        updated = created + timedelta(days=rng.randrange(1, 40))
        enabled = rng.random() > 0.02
        features = rng.sample(kind.features, min(2, len(kind.features)))
        facts = ", ".join(f"{label.lower()}: {value}" for label, value in specs.items())
        short = f"{word} {kind.noun.lower()} by {brand} - {facts}."
        text = f"The {series} is our {word.lower()} {kind.noun.lower()} from {brand}. {' '.join(features)}"
        picture = f"{kind.shape}-{colors[0].lower()}-{pattern}-{slug(brand)}-{i}"
        product_id = len(self.products) + 1
        stock = 0 if rng.random() < 0.04 else rng.randrange(2, 240)
        weight = max(10, int(kind.weight * rng.uniform(0.8, 1.25)))
        kind_of = "configurable" if options else "simple"
        self.products.append((
            product_id, sku, kind_of, None, name, slug(name), brand, price, None if options else special, weight, 0 if options else stock, 1, enabled, 1,
            short, text, picture, kind.leaf, created.isoformat(" "), updated.isoformat(" "),
        ))  # fmt: skip
        path = "/".join(slug(part) for part in kind.path.split("/"))
        self.places.append((product_id, self.categories[path]))
        self.attributes += [(product_id, code(label), value) for label, value in specs.items() if code(label) not in options]
        if "color" not in options:
            self.attributes.append((product_id, "color", colors[0]))
        if pattern != "plain":
            self.attributes.append((product_id, "pattern", pattern))
        self.configurable += [(product_id, c, position) for position, c in enumerate(options)]
        made = Made(product_id, kind, name, sku, brand, weight, created, enabled, [], rng.betavariate(3.2, 1.5), rng.choice(kind.themes.split()))
        self.made.append(made)
        if options:
            self._add_variants(made, options, price, special, picture, updated)
        else:
            made.variants.append(Variant(product_id, sku, min(price, special or price)))

    def _chosen_options(self, kind: Kind) -> dict[str, list[str]]:
        """What the variants of a product differ in; {} for a simple one."""
        rng, found = self.rng, dict[str, list[str]]()
        if not kind.options or (kind.options == "color" and rng.random() < 0.5):
            return found
        for option in _options(kind) if "=" in kind.options else [kind.options]:
            name, _, given = option.partition("=")
            if given:
                values = given.split("|")
                skipped = rng.randrange(3) if len(values) > 3 else 0
                found[name] = values[: len(values) - skipped] if rng.random() < 0.5 else values[skipped:]
            else:
                wanted = rng.randint(2, 3)
                chosen = set(rng.sample(kind.colors.split(), min(wanted, len(kind.colors.split()))))
                found[name] = [c for c in COLORS if c in chosen]
        return found

    def _add_variants(self, made: Made, options: dict[str, list[str]], price: int, special: int | None, picture: str, updated: datetime) -> None:
        rng = self.rng
        combined: list[dict[str, str]] = [{}]
        for name, values in options.items():
            combined = [{**before, name: value} for before in combined for value in values]
        for chosen in combined:
            step = next((options[name].index(chosen[name]) for name in ("capacity", "pack") if name in chosen), 0)
            own = price + price * step * 28 // 100 // 100 * 100
            cut = None if special is None else special + (own - price)
            sku = "-".join((made.sku, *(value.replace(" ", "").replace("%", "") for value in chosen.values())))
            ident = len(self.products) + 1
            look = picture.split("-")
            look[1] = chosen.get("color", look[1]).lower()
            stock = 0 if rng.random() < 0.06 else rng.randrange(1, 120)
            name = f"{made.name}-{'-'.join(chosen.values())}"
            self.products.append((
                ident, sku, "simple", made.id, name, f"{slug(name)}", made.brand, own, cut, made.weight, stock, 1, 1, 0, "", "",
                "-".join(look) if "color" in chosen else "", made.kind.leaf, made.created_at.isoformat(" "), updated.isoformat(" "),
            ))  # fmt: skip
            self.attributes += [(ident, c, value) for c, value in chosen.items()]
            made.variants.append(Variant(ident, sku, min(own, cut or own), {LABELS[c]: value for c, value in chosen.items()}))

    def write(self, db: sqlite3.Connection) -> None:
        """Put it all in the database."""
        db.execute("INSERT INTO attribute VALUES ('pattern', 'Pattern', 0)")
        db.executemany(
            "INSERT INTO product (id, sku, type, parent_id, name, url_key, brand, price, special_price, weight, qty, in_stock, enabled, visible, short_description,"
            " description, picture, attribute_set, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self.products,
        )
        db.execute("UPDATE product SET final_price = min(price, coalesce(special_price, price))")
        db.execute(
            "UPDATE product SET final_price = v.cheapest FROM (SELECT parent_id, min(final_price) AS cheapest FROM product WHERE parent_id IS NOT NULL GROUP BY 1) v"
            " WHERE v.parent_id = product.id"
        )
        db.executemany("INSERT INTO product_attribute VALUES (?, ?, ?)", self.attributes)
        db.executemany("INSERT INTO configurable_attribute VALUES (?, ?, ?)", self.configurable)
        db.executemany("INSERT INTO product_category VALUES (?, ?)", self.places)
        db.executemany("INSERT INTO related_product VALUES (?, ?, ?)", self.related)
        db.execute(
            "INSERT INTO product_search (rowid, name, brand, sku, short_description, description)"
            " SELECT id, name, brand, sku, short_description, description FROM product WHERE parent_id IS NULL"
        )
