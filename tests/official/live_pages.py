"""Pages of our own for comparing what is read from a real browser: plain lists and forms, a long page, and what the helpers read."""

# ruff: noqa: E501 - the lines are HTML, in which a line break is a space that is read

from __future__ import annotations

from typing import Final

FORM: Final = """<title>Sign in · It's "here"</title><body><header><nav><a href="/a"><img alt="Logo 'x'" src="data:," width=40 height=40></a>
<a href="/notifications">Notes</a></nav></header><main><h1>Sign in</h1><form><label>User name<input name=u required value="eve"></label>
<label>Password <input type=password></label><input type=hidden value=1><textarea readonly>old text</textarea>
<select><option>One<option selected>Two</select><input type=checkbox checked id=c><label for=c>Remember</label>
<button disabled>Sign in</button><div role=button tabindex=0>Pretend</div><span>Remember</span><p>N/A</p><p></p><p>.css { no }</p>
<ul><li>first</li><li><strong>second</strong> thing</li><li></li></ul><input type=number min=1 max=5 value=3>
<div contenteditable=true>edit me</div><details><summary>More</summary>hidden words</details><img src="data:," width=5 height=5>
<img alt="" src="data:," width=30 height=30><img alt="NULL" src="data:," width=30 height=30><a href=x><img alt="Pic" src="data:," width=20 height=20></a>
<p style="display:none">none</p><p style="visibility:hidden">unseen</p><p aria-hidden=true>not told</p><fieldset><legend>Set</legend>
<input type=radio name=r checked>r1</fieldset><blockquote>quoted <em>words</em></blockquote><table><tr><th>Head<td>Cell 1</table>
<p>Line one<br>line two</p><span draggable=true>drag</span><i class="fa fa-star is-rating-item">s</i></form></main>"""

LONG: Final = (
    "<title>Long</title><style>.tall{height:1500px;width:60px;float:left;background:#ddd}</style><body>"
    "<div class=tall><p>tall text</p><button style='height:900px'>tall button</button></div>"
    + "".join(f'<p>Row {i} <a href="/{i}">link {i}</a> and <b>bold {i}</b></p>' for i in range(60))
    + "<div style='position:absolute;left:3000px;top:10px'><button>far right</button></div>"
    + "<div style='position:absolute;left:-5000px;top:10px;width:9000px;height:900px'><article>wide</article></div>"
)

ORDER: Final = """<body><table id=my-orders-table><thead><tr><th>x</thead><tbody><tr><td class="col name">Bars<dl><dt>Size</dt><dd>12 Count</dd>
<dt>Flavor Name</dt><dd>Mint</dd></dl></td><td class="col sku"> B00MXUFL0E </td><td class="col price">$24.50</td><td class="col qty"><ul>
<li>Ordered<b>2</b></li></ul></td></tr></tbody><tbody><tr><td class="col name">Tea</td><td class="col sku">B07</td>
<td class="col qty">Ordered17</td></tr></tbody></table>"""

PRODUCT: Final = """<body><div id=maincontent><div class=columns><div><div class=product-info-main><div class=product-info-price>
<div class="price-box price-final_price"><span><span>$1,049.99</span></span></div></div></div></div></div></div>
<div class=rating-result title="87%"></div><a id=tab-label-reviews-title>Reviews 14</a>
<table id=productDetails_detailBullets_sections1><tbody><tr><th>Brand Name</th><td>Acme</td></tr><tr><th>Manufacturer</th><td>Acme Ltd</td>
</tr><tr><th>Colour</th><td>Red</td></tr></tbody></table><p class=price>7.00</p><p class="empty"></p>"""


def comment(user: str, text: str, when: str, level: int, inner: str = "") -> str:
    """A comment as Postmill writes it."""
    return (
        f'<article class="comment" data-level={level}><div class=comment__main><header><h1><a class=fg-inherit>{user}</a><span>'
        f'<time datetime="{when}">then</time></span></h1></header><div class=comment__content><p>{text}</p></div></div>'
        f"<span class=vote__net-score>4</span>{inner}</article>"
    )


THREAD: Final = (
    "<body><main id=main><a class=fg-inherit>poster</a><span class=vote__net-score>12</span>"
    + comment(
        "ann",
        "first",
        "2023-01-01T10:00:00+00:00",
        1,
        comment("eve", "old answer", "2023-01-02T10:00:00+00:00", 2, comment("eve", "own answer", "2023-03-01T10:00:00+00:00", 3)),
    )
    + comment("bob", "second", "2023-01-03T10:00:00+00:00", 1, comment("eve", "newest<br>answer", "2023-02-03T10:00:00+02:00", 2))
    + "</main>"
)

MEMBERS: Final = "<body><table>" + "".join(
    f"<tr><td data-label=Account><span class=gl-avatar-labeled-sublabel>@{name}</span></td><td class=col-max-role><span>{role}</span></td></tr>"
    for name, role in (("byteblaze", "Owner"), ("koush", "Reporter"))
)

HELPERS: Final = (
    (ORDER, "shopping_get_order_product_name_list"),
    (ORDER, "shopping_get_order_product_quantity", "B07"),
    (ORDER, "shopping_get_order_product_quantity", "nothing |OR| B00MXUFL0E"),
    (ORDER, "shopping_get_order_product_quantity", "nothing"),
    (ORDER, "shopping_get_order_product_option", "B00MXUFL0E", "Flavor Name"),
    (ORDER, "shopping_get_order_product_option", "B00MXUFL0E", "Colour"),
    (ORDER, "shopping_get_order_product_option", "B07", "Size"),
    (PRODUCT, "shopping_get_order_product_name_list"),
    (PRODUCT, "shopping_get_order_product_quantity", "B07"),
    (PRODUCT, "shopping_get_product_price"),
    (PRODUCT, "shopping_get_num_reviews"),
    (PRODUCT, "shopping_get_rating_as_percentage"),
    (PRODUCT, "shopping_get_product_attributes", "brand name |OR| manufacturer"),
    (PRODUCT, "shopping_get_product_attributes", "weight"),
    (PRODUCT, "get_query_text", ".price"),
    (PRODUCT, "get_query_text", ".empty"),
    (PRODUCT, "get_query_text", "#none"),
    (PRODUCT, "get_query_text", "]["),
    (PRODUCT, "get_query_text_lowercase", "#tab-label-reviews-title"),
    (ORDER, "shopping_get_product_price"),
    (ORDER, "shopping_get_num_reviews"),
    (ORDER, "shopping_get_rating_as_percentage"),
    (ORDER, "shopping_get_product_attributes", "brand name"),
    (THREAD, "reddit_get_latest_comment_content_by_username", "eve"),
    (THREAD, "reddit_get_latest_comment_content_by_username", "poster"),
    (THREAD, "reddit_get_latest_comment_content_by_username", "nobody"),
    (THREAD, "reddit_get_parent_comment_username_of_latest_comment_by_username", "eve"),
    (THREAD, "reddit_get_parent_comment_username_of_latest_comment_by_username", "ann"),
    (THREAD, "reddit_get_parent_comment_username_of_latest_comment_by_username", "nobody"),
    (ORDER, "reddit_get_latest_comment_content_by_username", "eve"),
    (MEMBERS, "gitlab_get_project_memeber_role", "koush"),
    (MEMBERS, "gitlab_get_project_memeber_role", "nobody"),
    (ORDER, "gitlab_get_project_memeber_role", "koush"),
)
"""Page, helper and its texts."""
