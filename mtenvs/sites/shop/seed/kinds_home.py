"""Goods for home, kitchen, garden and table."""

from __future__ import annotations

from typing import Final

from mtenvs.sites.shop.seed.kinds import ALL, BOLD, SOFT, WOOD, Kind

_WOODWORK, _KITCHEN, _LIGHT = "Hearthwell Oakmere Fjordal Lindgate", "Copperleaf Hearthwell Brasserie9 Tillandsia", "Fjordal Glimmerly Oakmere"
_LINEN, _GARDEN, _LARDER = "Softwick Lindgate Dovecote", "Fernhollow Tillandsia Barkley", "Millrace Saltmarsh Beanery Goldacre"

HOME: Final = (
    Kind("Home & Kitchen/Furniture/Chairs", "Chair", "chair", (39, 329), 6800, _WOODWORK, "Dining|Office|Kitchen|Folding|Spindle", WOOD + " Red Blue Green Yellow", "",
         ("Seat Height=42..52/2 cm", "Load=100..150/10 kg", "Material=oak|beech|steel|plastic"), "assembly comfort durability packaging color", ("Felt pads lie in the carton.", "Four of them stack.", "The back gives a little.")),
    Kind("Home & Kitchen/Furniture/Tables", "Table", "table", (59, 749), 21000, _WOODWORK, "Dining|Coffee|Side|Extendable|Writing", WOOD, "",
         ("Length=60..220/20 cm", "Height=45|60|74 cm", "Material=oak|pine|walnut veneer|steel and glass"), "assembly durability packaging delivery color", ("The top resists rings from cups.", "Legs screw on without tools.", "A leaf stows below the top.")),
    Kind("Home & Kitchen/Furniture/Bookcases", "Bookcase", "bookcase", (49, 399), 24000, _WOODWORK, "Tall|Ladder|Corner|Low|Open", WOOD + " Teal", "",
         ("Shelves=3..7/1 pieces", "Height=80..210/10 cm", "Material=pine|oak veneer|steel"), "assembly durability packaging smell", ("It anchors to the wall.", "Every second shelf can be moved.")),
    Kind("Home & Kitchen/Furniture/Sofas", "Sofa", "sofa", (299, 1599), 52000, _WOODWORK, "Two-Seat|Three-Seat|Corner|Sleeper", "Grey Beige Blue Green Red Navy Teal", "color",
         ("Width=140..280/20 cm", "Seat Depth=52..60/2 cm", "Cover=linen|velvet|wool blend"), "comfort assembly delivery material color", ("The covers come off.", "A chest hides below the seat.")),
    Kind("Home & Kitchen/Kitchen/Coffee Makers", "Coffee Maker", "coffeemaker", (29, 499), 3400, _KITCHEN, "Filter|Espresso|Capsule|Thermos", "Black White Red Grey Green", "",
         ("Cups=2..14/2 cups", "Power=800..1500/100 W", "Timer=Yes|No"), "taste noise cleaning instructions durability", ("It keeps warm for forty minutes.", "The tank lifts out.", "It reminds you to descale.")),
    Kind("Home & Kitchen/Kitchen/Kettles", "Kettle", "kettle", (19, 129), 1200, _KITCHEN, "Electric|Gooseneck|Stovetop|Glass", "Black White Red Grey Teal Yellow", "",
         ("Volume=0.8|1.0|1.5|1.7 litres", "Power=1200..2400/200 W"), "noise smell durability cleaning price", ("It switches off when dry.", "The lid opens wide.")),
    Kind("Home & Kitchen/Kitchen/Frying Pans", "Frying Pan", "pan", (15, 159), 1300, _KITCHEN, "Cast Iron|Non-Stick|Ceramic|Copper", "Black Grey Red Green Orange", "size=20 cm|24 cm|28 cm",
         ("Coating=none|ceramic|granite", "Suits=all hobs|gas and electric"), "cleaning durability weight price", ("The handle stays cool.", "Both sides pour.")),
    Kind("Home & Kitchen/Kitchen/Kitchen Knives", "Kitchen Knife", "knife", (14, 189), 220, _KITCHEN, "Chef's|Bread|Paring|Santoku", "Black Brown Red Blue White", "",
         ("Blade=9..24/3 cm", "Steel=stainless|high carbon|67 layers"), "sharpness comfort packaging price", ("A sheath protects the edge.", "The tang runs to the end.")),
    Kind("Home & Kitchen/Lighting/Table Lamps", "Table Lamp", "tablelamp", (18, 189), 1500, _LIGHT, "Bedside|Reading|Ceramic|Dimmable", SOFT + " Yellow Red", "",
         ("Height=24..60/6 cm", "Socket=E14|E27|built-in LED"), "color assembly packaging price", ("A touch on the foot dims it.", "The cord is wrapped in textile.")),
    Kind("Home & Kitchen/Lighting/Floor Lamps", "Floor Lamp", "floorlamp", (39, 349), 5200, _LIGHT, "Arc|Tripod|Uplight|Reading", SOFT + " Black Yellow", "",
         ("Height=120..180/10 cm", "Socket=E27|built-in LED"), "assembly color packaging delivery", ("The base weighs enough to stand firm.", "A pedal switches it.")),
    Kind("Home & Kitchen/Bedding & Bath/Pillows", "Pillow", "pillow", (12, 119), 800, _LINEN, "Memory Foam|Down|Side-Sleeper|Cooling", "White Grey Beige Blue Pink", "",
         ("Filling=down|memory foam|buckwheat|hollow fibre", "Firmness=soft|medium|firm"), "comfort smell cleaning material", ("The cover unzips.", "It keeps its shape."), patterns=True),
    Kind("Home & Kitchen/Bedding & Bath/Towels", "Bath Towel", "towel", (8, 59), 500, _LINEN, "Waffle|Hotel|Quick-Dry|Beach", ALL, "color",
         ("Length=70..180/10 cm", "Cotton=400|500|600|700 g"), "material color cleaning price", ("A loop hangs it up.", "The hem is sewn twice."), patterns=True),
    Kind("Home & Kitchen/Bedding & Bath/Blankets", "Blanket", "blanket", (19, 149), 1300, _LINEN, "Fleece|Wool|Weighted|Knitted", ALL, "",
         ("Length=150..220/10 cm", "Material=fleece|wool|cotton"), "material smell cleaning color", ("It warms two people.", "The edge is bound with satin."), patterns=True),
    Kind("Garden & Pets/Garden/Watering Cans", "Watering Can", "wateringcan", (9, 59), 900, _GARDEN, "Galvanised|Long-Reach|Indoor", BOLD + " Grey Teal", "",
         ("Volume=1|2|5|8|10 litres", "Material=zinc|recycled plastic|copper"), "durability weight price color", ("The rose comes off.", "It pours without dripping.")),
    Kind("Garden & Pets/Garden/Planters", "Planter", "planter", (7, 129), 2500, _GARDEN, "Terracotta|Hanging|Self-Watering|Balcony", "Orange Brown White Grey Green Blue", "",
         ("Diameter=12..48/6 cm", "Material=terracotta|concrete|recycled plastic"), "durability packaging color delivery", ("A saucer is included.", "Frost does it no harm."), patterns=True),
    Kind("Garden & Pets/Pets/Dog Collars", "Dog Collar", "collar", (8, 49), 120, _GARDEN, "Padded|Reflective|Leather|Training", BOLD + " Orange Purple Pink", "size=S|M|L color",
         ("Width=1.5|2|2.5|4 cm", "Material=nylon|leather|cork"), "fit durability color smell", ("A ring for the tag is sewn in.", "The buckle opens with one hand."), patterns=True),
    Kind("Garden & Pets/Pets/Cat Trees", "Cat Tree", "cattree", (29, 219), 9800, _GARDEN, "Tall|Window|Corner|Compact", "Beige Grey Brown White", "",
         ("Height=60..180/20 cm", "Platforms=2..6/1 pieces"), "assembly durability smell packaging", ("Posts are wound with sisal.", "A strap ties it to the wall.")),
    Kind("Grocery/Drinks/Coffee Beans", "Coffee Beans", "bag", (7, 39), 500, _LARDER, "House Blend|Espresso|Single Origin|Decaf", "Brown Black Red Green Orange", "pack=250 g|500 g|1 kg",
         ("Roast=light|medium|dark", "Origin=Colombia|Ethiopia|Brazil|Guatemala"), "taste packaging price delivery", ("Roasted in small drums.", "The bag has a valve.")),
    Kind("Grocery/Drinks/Tea", "Tea", "tin", (5, 34), 150, _LARDER, "Earl Grey|Green|Herbal|Breakfast|Jasmine", "Green Red Yellow Blue Purple", "",
         ("Bags=20..100/20 pieces", "Origin=Assam|Ceylon|Darjeeling|Fujian"), "taste packaging price smell", ("Bags are free of plastic.", "The tin closes tightly.")),
    Kind("Grocery/Pantry/Chocolate", "Chocolate Bar", "chocolate", (2, 19), 100, _LARDER, "Dark|Milk|Hazelnut|Sea Salt|Orange", "Brown Red Blue Purple Orange", "pack=1 bar|3 bars|10 bars",
         ("Cocoa=33|55|70|85 percent", "Origin=Ecuador|Ghana|Peru|Madagascar"), "taste packaging price delivery", ("Made from bean to bar.", "Wrapped in paper alone.")),
    Kind("Grocery/Pantry/Pasta", "Pasta", "bag", (2, 15), 500, _LARDER, "Penne|Fusilli|Wholegrain|Egg|Lentil", "Yellow Blue Red Green Orange", "",
         ("Cooking=6..13/1 minutes", "Net Weight=400|500|1000 g"), "taste price packaging", ("Drawn through bronze.", "It holds the sauce.")),
)
