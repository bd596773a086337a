-- What the database keeps by itself, whoever writes: prices now, review summaries, the search index. Made after the seed data.

CREATE TRIGGER product_added AFTER INSERT ON product BEGIN
  UPDATE product SET final_price = min(NEW.price, coalesce(NEW.special_price, NEW.price)) WHERE id = NEW.id;
END;

CREATE TRIGGER product_priced AFTER UPDATE OF price, special_price ON product WHEN NEW.type = 'simple' BEGIN
  UPDATE product SET final_price = min(NEW.price, coalesce(NEW.special_price, NEW.price)) WHERE id = NEW.id;
END;

CREATE TRIGGER variant_added AFTER INSERT ON product WHEN NEW.parent_id IS NOT NULL BEGIN
  UPDATE product SET final_price = coalesce((
    SELECT min(min(v.price, coalesce(v.special_price, v.price))) FROM product v WHERE v.parent_id = NEW.parent_id AND v.enabled
  ), price) WHERE id = NEW.parent_id;
END;

CREATE TRIGGER variant_changed AFTER UPDATE OF price, special_price, enabled, parent_id ON product WHEN NEW.parent_id IS NOT NULL BEGIN
  UPDATE product SET final_price = coalesce((
    SELECT min(min(v.price, coalesce(v.special_price, v.price))) FROM product v WHERE v.parent_id = NEW.parent_id AND v.enabled
  ), price) WHERE id = NEW.parent_id;
END;

CREATE TRIGGER variant_removed AFTER DELETE ON product WHEN OLD.parent_id IS NOT NULL BEGIN
  UPDATE product SET final_price = coalesce((
    SELECT min(min(v.price, coalesce(v.special_price, v.price))) FROM product v WHERE v.parent_id = OLD.parent_id AND v.enabled
  ), price) WHERE id = OLD.parent_id;
END;

CREATE TRIGGER review_added AFTER INSERT ON review WHEN NEW.status = 'approved' BEGIN
  UPDATE product SET review_count = review_count + 1, rating_sum = rating_sum + NEW.rating WHERE id = NEW.product_id;
END;

CREATE TRIGGER review_removed AFTER DELETE ON review WHEN OLD.status = 'approved' BEGIN
  UPDATE product SET review_count = review_count - 1, rating_sum = rating_sum - OLD.rating WHERE id = OLD.product_id;
END;

CREATE TRIGGER review_changed AFTER UPDATE OF status, rating, product_id ON review BEGIN
  UPDATE product SET review_count = review_count - 1, rating_sum = rating_sum - OLD.rating WHERE OLD.status = 'approved' AND id = OLD.product_id;
  UPDATE product SET review_count = review_count + 1, rating_sum = rating_sum + NEW.rating WHERE NEW.status = 'approved' AND id = NEW.product_id;
END;

CREATE TRIGGER product_found AFTER INSERT ON product WHEN NEW.parent_id IS NULL BEGIN
  INSERT INTO product_search (rowid, name, brand, sku, short_description, description)
  VALUES (NEW.id, NEW.name, NEW.brand, NEW.sku, NEW.short_description, NEW.description);
END;

CREATE TRIGGER product_refound AFTER UPDATE OF name, brand, sku, short_description, description ON product WHEN NEW.parent_id IS NULL BEGIN
  INSERT INTO product_search (product_search, rowid, name, brand, sku, short_description, description)
  VALUES ('delete', OLD.id, OLD.name, OLD.brand, OLD.sku, OLD.short_description, OLD.description);
  INSERT INTO product_search (rowid, name, brand, sku, short_description, description)
  VALUES (NEW.id, NEW.name, NEW.brand, NEW.sku, NEW.short_description, NEW.description);
END;

CREATE TRIGGER product_lost AFTER DELETE ON product WHEN OLD.parent_id IS NULL BEGIN
  INSERT INTO product_search (product_search, rowid, name, brand, sku, short_description, description)
  VALUES ('delete', OLD.id, OLD.name, OLD.brand, OLD.sku, OLD.short_description, OLD.description);
END;
