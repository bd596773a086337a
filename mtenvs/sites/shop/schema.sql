-- The shop's database; the storefront and the administration work on the same one.
-- Money is whole cents, percentages are hundredths of a percent, weights grams, times 'YYYY-MM-DD HH:MM:SS', flags 0 or 1.

CREATE TABLE config (path TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Catalog -------------------------------------------------------------------------------------------------------------

CREATE TABLE category (
  id INTEGER PRIMARY KEY,
  parent_id INTEGER REFERENCES category,
  name TEXT NOT NULL,
  url_path TEXT NOT NULL UNIQUE,           -- 'electronics/audio/headphones', without .html
  level INTEGER NOT NULL,                  -- 1 for what the menu shows first
  position INTEGER NOT NULL DEFAULT 0,
  active INTEGER NOT NULL DEFAULT 1,
  description TEXT NOT NULL DEFAULT ''
);

CREATE TABLE attribute (
  code TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  configurable INTEGER NOT NULL DEFAULT 0  -- whether variants may differ in it; its values are then in attribute_option
);

CREATE TABLE attribute_option (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL REFERENCES attribute,
  label TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  UNIQUE (code, label)
);

CREATE TABLE product (
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL DEFAULT 'simple' CHECK (type IN ('simple', 'configurable')),
  parent_id INTEGER REFERENCES product ON DELETE CASCADE,  -- the configurable product of which this one is a variant
  name TEXT NOT NULL,
  url_key TEXT NOT NULL UNIQUE,
  brand TEXT NOT NULL DEFAULT '',
  price INTEGER NOT NULL CHECK (price >= 0),
  special_price INTEGER CHECK (special_price >= 0),
  final_price INTEGER NOT NULL DEFAULT 0,  -- kept by triggers: what it costs now; of a configurable product, its cheapest variant
  weight INTEGER NOT NULL DEFAULT 500,
  qty INTEGER NOT NULL DEFAULT 0,
  in_stock INTEGER NOT NULL DEFAULT 1,     -- "Out of Stock" when 0, whatever the quantity
  enabled INTEGER NOT NULL DEFAULT 1,
  visible INTEGER NOT NULL DEFAULT 1,      -- in lists and by its own page; variants are not
  sale INTEGER NOT NULL DEFAULT 0,         -- marked "Sale" in the shop, whatever it costs
  short_description TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  picture TEXT NOT NULL DEFAULT '',        -- 'kind-colour-pattern-brand-number', all that the drawing shows
  tax_class INTEGER NOT NULL DEFAULT 2,    -- 2 taxable goods, 0 none
  attribute_set TEXT NOT NULL DEFAULT 'Default',
  review_count INTEGER NOT NULL DEFAULT 0, -- kept by triggers: approved reviews
  rating_sum INTEGER NOT NULL DEFAULT 0,   -- kept by triggers: their stars
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE INDEX product_parent ON product (parent_id);

CREATE TABLE product_category (
  product_id INTEGER NOT NULL REFERENCES product ON DELETE CASCADE,
  category_id INTEGER NOT NULL REFERENCES category ON DELETE CASCADE,
  PRIMARY KEY (category_id, product_id)
) WITHOUT ROWID;
CREATE INDEX product_category_product ON product_category (product_id);

CREATE TABLE product_attribute (           -- of variants: what they differ in, such as size and color
  product_id INTEGER NOT NULL REFERENCES product ON DELETE CASCADE,
  code TEXT NOT NULL REFERENCES attribute,
  value TEXT NOT NULL,
  PRIMARY KEY (product_id, code)
) WITHOUT ROWID;

CREATE TABLE configurable_attribute (      -- what the variants of a configurable product differ in
  product_id INTEGER NOT NULL REFERENCES product ON DELETE CASCADE,
  code TEXT NOT NULL REFERENCES attribute,
  position INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (product_id, code)
) WITHOUT ROWID;

CREATE TABLE related_product (
  product_id INTEGER NOT NULL REFERENCES product ON DELETE CASCADE,
  related_id INTEGER NOT NULL REFERENCES product ON DELETE CASCADE,
  position INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (product_id, related_id)
) WITHOUT ROWID;

CREATE INDEX related_product_related ON related_product (related_id);  -- deleting products in bulk looks for it

CREATE TABLE product_view (                -- counted once a night, from the log of the shop's pages; visits of today are not in it
  day TEXT NOT NULL,                       -- 'YYYY-MM-DD'
  product_id INTEGER NOT NULL REFERENCES product ON DELETE CASCADE,
  views INTEGER NOT NULL,
  PRIMARY KEY (day, product_id)
) WITHOUT ROWID;
CREATE INDEX product_view_product ON product_view (product_id);

CREATE VIRTUAL TABLE product_search USING fts5 (
  name, brand, sku, short_description, description,
  content = 'product', content_rowid = 'id', tokenize = 'porter unicode61'
);

-- People --------------------------------------------------------------------------------------------------------------

CREATE TABLE customer_group (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);

CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE COLLATE NOCASE,
  firstname TEXT NOT NULL,
  lastname TEXT NOT NULL,
  password TEXT NOT NULL,                  -- see passwords.py
  group_id INTEGER NOT NULL DEFAULT 1 REFERENCES customer_group,
  default_billing INTEGER,                 -- an address
  default_shipping INTEGER,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE TABLE address (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer ON DELETE CASCADE,
  firstname TEXT NOT NULL,
  lastname TEXT NOT NULL,
  company TEXT NOT NULL DEFAULT '',
  street TEXT NOT NULL,                    -- lines apart by \n
  city TEXT NOT NULL,
  region TEXT NOT NULL,                    -- by name, such as 'Pennsylvania'
  postcode TEXT NOT NULL,
  country TEXT NOT NULL DEFAULT 'US',
  telephone TEXT NOT NULL
);
CREATE INDEX address_customer ON address (customer_id);

CREATE TABLE newsletter_subscriber (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE COLLATE NOCASE,
  customer_id INTEGER REFERENCES customer ON DELETE SET NULL,
  status TEXT NOT NULL DEFAULT 'subscribed' CHECK (status IN ('subscribed', 'not_active', 'unsubscribed')),
  changed_at TEXT NOT NULL
);

CREATE TABLE contact_message (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  telephone TEXT NOT NULL DEFAULT '',
  comment TEXT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE TABLE admin_user (
  id INTEGER PRIMARY KEY,
  username TEXT NOT NULL UNIQUE,
  firstname TEXT NOT NULL,
  lastname TEXT NOT NULL,
  email TEXT NOT NULL,
  password TEXT NOT NULL,
  role TEXT NOT NULL DEFAULT 'Administrators',
  active INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE review (
  id INTEGER PRIMARY KEY,
  product_id INTEGER NOT NULL REFERENCES product ON DELETE CASCADE,
  customer_id INTEGER REFERENCES customer ON DELETE SET NULL,
  nickname TEXT NOT NULL,
  title TEXT NOT NULL,
  detail TEXT NOT NULL,
  rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('approved', 'pending', 'not_approved')),
  created_at TEXT NOT NULL
);
CREATE INDEX review_product ON review (product_id, status, created_at, rating);  -- whole, for reports
CREATE INDEX review_customer ON review (customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE review_theme (                -- what the seeded reviews are about; for verifiers, never shown
  review_id INTEGER NOT NULL REFERENCES review ON DELETE CASCADE,
  theme TEXT NOT NULL,                     -- see seed/themes.py
  likes INTEGER NOT NULL,                  -- 1 praise, 0 complaint
  PRIMARY KEY (review_id, theme)
) WITHOUT ROWID;

-- Before an order -----------------------------------------------------------------------------------------------------

CREATE TABLE cart (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER UNIQUE REFERENCES customer ON DELETE CASCADE,  -- NULL: a guest's, known to the session
  coupon_code TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE TABLE cart_item (
  id INTEGER PRIMARY KEY,
  cart_id INTEGER NOT NULL REFERENCES cart ON DELETE CASCADE,
  product_id INTEGER NOT NULL REFERENCES product ON DELETE CASCADE,  -- the variant, where there are variants
  qty INTEGER NOT NULL CHECK (qty > 0),
  UNIQUE (cart_id, product_id)
);

CREATE TABLE wishlist_item (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer ON DELETE CASCADE,
  product_id INTEGER NOT NULL REFERENCES product ON DELETE CASCADE,
  qty INTEGER NOT NULL DEFAULT 1 CHECK (qty > 0),
  comment TEXT NOT NULL DEFAULT '',
  added_at TEXT NOT NULL,
  UNIQUE (customer_id, product_id)
);

CREATE TABLE tax_rate (region TEXT PRIMARY KEY, rate INTEGER NOT NULL) WITHOUT ROWID;  -- hundredths of a percent

CREATE TABLE sales_rule (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  active INTEGER NOT NULL DEFAULT 1,
  from_date TEXT NOT NULL DEFAULT '',      -- 'YYYY-MM-DD' or ''
  to_date TEXT NOT NULL DEFAULT '',
  groups TEXT NOT NULL DEFAULT '0,1,2,3',  -- ids of customer groups
  action TEXT NOT NULL DEFAULT 'by_percent' CHECK (action IN ('by_percent', 'by_fixed', 'cart_fixed', 'buy_x_get_y')),
  amount INTEGER NOT NULL DEFAULT 0,       -- hundredths of a percent, or cents
  step INTEGER NOT NULL DEFAULT 0,         -- pieces to buy for the free ones, 'amount' of them
  min_subtotal INTEGER NOT NULL DEFAULT 0,
  free_shipping INTEGER NOT NULL DEFAULT 0,
  uses_per_coupon INTEGER NOT NULL DEFAULT 0,
  uses_per_customer INTEGER NOT NULL DEFAULT 0,
  sort_order INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE coupon (
  id INTEGER PRIMARY KEY,
  rule_id INTEGER NOT NULL REFERENCES sales_rule ON DELETE CASCADE,  -- a rule without coupons applies by itself
  code TEXT NOT NULL UNIQUE COLLATE NOCASE,
  times_used INTEGER NOT NULL DEFAULT 0
);

-- Orders; grand_total = subtotal + shipping + tax - discount, in orders, invoices and (plus adjustments) credit memos ---

CREATE TABLE sales_order (
  id INTEGER PRIMARY KEY,                  -- the order number people see is the id with nine digits
  increment_id TEXT GENERATED ALWAYS AS (printf('%09d', id)) VIRTUAL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'processing', 'complete', 'canceled', 'closed', 'holded')),
  customer_id INTEGER REFERENCES customer ON DELETE SET NULL,
  customer_email TEXT NOT NULL,
  customer_firstname TEXT NOT NULL,
  customer_lastname TEXT NOT NULL,
  customer_group INTEGER NOT NULL DEFAULT 1,
  subtotal INTEGER NOT NULL,
  shipping INTEGER NOT NULL,
  tax INTEGER NOT NULL,
  discount INTEGER NOT NULL,               -- positive
  grand_total INTEGER NOT NULL,
  total_paid INTEGER NOT NULL DEFAULT 0,
  total_refunded INTEGER NOT NULL DEFAULT 0,
  total_qty INTEGER NOT NULL,
  coupon_code TEXT NOT NULL DEFAULT '',
  shipping_method TEXT NOT NULL,           -- 'flatrate_flatrate', 'tablerate_bestway' or 'freeshipping_freeshipping'
  payment_method TEXT NOT NULL,            -- 'checkmo', 'banktransfer' or 'cashondelivery'
  held_from TEXT NOT NULL DEFAULT '',      -- the status to which unhold returns
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);
CREATE INDEX sales_order_customer ON sales_order (customer_id, created_at);
CREATE INDEX sales_order_created ON sales_order (created_at);

CREATE TABLE order_address (
  order_id INTEGER NOT NULL REFERENCES sales_order ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('billing', 'shipping')),
  firstname TEXT NOT NULL,
  lastname TEXT NOT NULL,
  company TEXT NOT NULL DEFAULT '',
  street TEXT NOT NULL,
  city TEXT NOT NULL,
  region TEXT NOT NULL,
  postcode TEXT NOT NULL,
  country TEXT NOT NULL DEFAULT 'US',
  telephone TEXT NOT NULL,
  PRIMARY KEY (order_id, kind)
) WITHOUT ROWID;

CREATE TABLE order_item (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES sales_order ON DELETE CASCADE,
  product_id INTEGER REFERENCES product ON DELETE SET NULL,  -- the variant, where there are variants
  sku TEXT NOT NULL,
  name TEXT NOT NULL,
  options TEXT NOT NULL DEFAULT '{}',      -- JSON: {"Color": "Red", "Size": "M"}
  price INTEGER NOT NULL,
  qty_ordered INTEGER NOT NULL CHECK (qty_ordered > 0),
  qty_invoiced INTEGER NOT NULL DEFAULT 0,
  qty_shipped INTEGER NOT NULL DEFAULT 0,
  qty_refunded INTEGER NOT NULL DEFAULT 0,
  qty_canceled INTEGER NOT NULL DEFAULT 0,
  row_total INTEGER NOT NULL,              -- price * qty_ordered
  tax INTEGER NOT NULL DEFAULT 0,          -- these two sum up to the order's
  discount INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX order_item_order ON order_item (order_id);
CREATE INDEX order_item_product ON order_item (product_id);

CREATE TABLE order_comment (
  id INTEGER PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES sales_order ON DELETE CASCADE,
  status TEXT NOT NULL,
  comment TEXT NOT NULL DEFAULT '',
  notified INTEGER NOT NULL DEFAULT 0,     -- the customer was told by e-mail
  visible INTEGER NOT NULL DEFAULT 0,      -- the customer sees it in the account
  created_at TEXT NOT NULL
);
CREATE INDEX order_comment_order ON order_comment (order_id);

CREATE TABLE invoice (
  id INTEGER PRIMARY KEY,
  increment_id TEXT GENERATED ALWAYS AS (printf('%09d', id)) VIRTUAL,
  order_id INTEGER NOT NULL REFERENCES sales_order ON DELETE CASCADE,
  state TEXT NOT NULL DEFAULT 'paid' CHECK (state IN ('open', 'paid', 'canceled')),
  subtotal INTEGER NOT NULL,
  shipping INTEGER NOT NULL,
  tax INTEGER NOT NULL,
  discount INTEGER NOT NULL,
  grand_total INTEGER NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX invoice_order ON invoice (order_id);

CREATE TABLE invoice_item (
  invoice_id INTEGER NOT NULL REFERENCES invoice ON DELETE CASCADE,
  order_item_id INTEGER NOT NULL REFERENCES order_item,
  qty INTEGER NOT NULL CHECK (qty > 0),
  PRIMARY KEY (invoice_id, order_item_id)
) WITHOUT ROWID;

CREATE TABLE shipment (
  id INTEGER PRIMARY KEY,
  increment_id TEXT GENERATED ALWAYS AS (printf('%09d', id)) VIRTUAL,
  order_id INTEGER NOT NULL REFERENCES sales_order ON DELETE CASCADE,
  created_at TEXT NOT NULL
);
CREATE INDEX shipment_order ON shipment (order_id);

CREATE TABLE shipment_item (
  shipment_id INTEGER NOT NULL REFERENCES shipment ON DELETE CASCADE,
  order_item_id INTEGER NOT NULL REFERENCES order_item,
  qty INTEGER NOT NULL CHECK (qty > 0),
  PRIMARY KEY (shipment_id, order_item_id)
) WITHOUT ROWID;

CREATE TABLE shipment_track (
  id INTEGER PRIMARY KEY,
  shipment_id INTEGER NOT NULL REFERENCES shipment ON DELETE CASCADE,
  carrier TEXT NOT NULL CHECK (carrier IN ('custom', 'dhl', 'fedex', 'ups', 'usps')),
  title TEXT NOT NULL,
  number TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX shipment_track_shipment ON shipment_track (shipment_id);

CREATE TABLE creditmemo (
  id INTEGER PRIMARY KEY,
  increment_id TEXT GENERATED ALWAYS AS (printf('%09d', id)) VIRTUAL,
  order_id INTEGER NOT NULL REFERENCES sales_order ON DELETE CASCADE,
  subtotal INTEGER NOT NULL,
  shipping INTEGER NOT NULL,
  tax INTEGER NOT NULL,
  discount INTEGER NOT NULL,
  adjustment_refund INTEGER NOT NULL DEFAULT 0,
  adjustment_fee INTEGER NOT NULL DEFAULT 0,
  grand_total INTEGER NOT NULL,            -- subtotal + shipping + tax - discount + adjustment_refund - adjustment_fee
  comment TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
);
CREATE INDEX creditmemo_order ON creditmemo (order_id);

CREATE TABLE creditmemo_item (
  creditmemo_id INTEGER NOT NULL REFERENCES creditmemo ON DELETE CASCADE,
  order_item_id INTEGER NOT NULL REFERENCES order_item,
  qty INTEGER NOT NULL CHECK (qty > 0),
  PRIMARY KEY (creditmemo_id, order_item_id)
) WITHOUT ROWID;

-- Content -------------------------------------------------------------------------------------------------------------

CREATE TABLE search_query (
  id INTEGER PRIMARY KEY,
  query_text TEXT NOT NULL UNIQUE COLLATE NOCASE,
  num_results INTEGER NOT NULL,
  popularity INTEGER NOT NULL DEFAULT 1,   -- "uses"
  updated_at TEXT NOT NULL
);

CREATE TABLE cms_page (
  id INTEGER PRIMARY KEY,
  identifier TEXT NOT NULL UNIQUE,         -- its path, such as 'about-us'
  title TEXT NOT NULL,
  heading TEXT NOT NULL DEFAULT '',
  content TEXT NOT NULL DEFAULT '',        -- plain text; paragraphs apart by an empty line
  active INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
);

CREATE TABLE theme (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL UNIQUE,
  path TEXT NOT NULL UNIQUE,
  parent_id INTEGER REFERENCES theme
);
