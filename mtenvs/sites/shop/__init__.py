"""A shop whose addresses, form names and selectors are those of Magento, with looks, texts and goods of its own."""
