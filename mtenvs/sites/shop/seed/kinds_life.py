"""Clothing, sports, beauty and toys."""

from __future__ import annotations

from typing import Final

from mtenvs.sites.shop.seed.kinds import ALL, BOLD, SHOE_SIZES, SIZES, SOFT, Kind

_WEAR, _SHOES, _OUTDOOR = "Harlow Thistle&Co Northmoor Vela", "Stridewell Northmoor Pacer", "Northmoor Ridgeway Campline Bivvy"
_SPORT, _CYCLE, _BEAUTY, _TOYS = "Pacer Ironbark Vela Ridgeway", "Spokeworks Ridgeway Veloria", "Dewdrop Botanica Puresse", "Foxglove Tinkerlane Meeplewood Bricko"
_BOTH = f"size={SIZES} color"

LIFE: Final = (
    Kind("Clothing/Men/T-Shirts", "T-Shirt", "tshirt", (9, 45), 180, _WEAR, "Crew-Neck|V-Neck|Heavyweight|Graphic", ALL, _BOTH,
         ("Material=cotton|organic cotton|cotton blend", "Cut=slim|regular|loose"), "fit material color cleaning", ("The neck is reinforced.", "No label scratches."), patterns=True),
    Kind("Clothing/Men/Jackets", "Jacket", "jacket", (49, 329), 900, _WEAR, "Rain|Quilted|Bomber|Windproof", "Black Navy Green Red Grey Yellow", _BOTH,
         ("Material=nylon|waxed cotton|recycled polyester", "Pockets=2..6/1 pieces"), "fit material durability color", ("The hood rolls away.", "Cuffs close with tape.")),
    Kind("Clothing/Men/Trousers", "Trousers", "trousers", (25, 139), 500, _WEAR, "Chino|Cargo|Corduroy|Travel", "Beige Navy Black Green Brown Grey", f"size={SIZES}",
         ("Material=cotton twill|corduroy|linen", "Cut=slim|straight|relaxed"), "fit material color cleaning", ("A zip hides in the right pocket.", "The waist stretches a little.")),
    Kind("Clothing/Women/Dresses", "Dress", "dress", (29, 229), 400, _WEAR, "Wrap|Summer|Midi|Evening|Shirt", ALL, _BOTH,
         ("Material=viscose|linen|silk|cotton", "Length=85..130/5 cm"), "fit material color cleaning", ("It has pockets.", "The lining breathes."), patterns=True),
    Kind("Clothing/Women/Skirts", "Skirt", "skirt", (19, 119), 300, _WEAR, "Pleated|A-Line|Denim|Pencil", ALL, f"size={SIZES}",
         ("Material=denim|viscose|wool blend", "Length=45..90/5 cm"), "fit material color cleaning", ("The waistband is elastic at the back.", "It falls straight."), patterns=True),
    Kind("Clothing/Women/Sweaters", "Sweater", "sweater", (29, 189), 450, _WEAR, "Cable-Knit|Turtleneck|Cardigan|Merino", SOFT + " Red Green Yellow", _BOTH,
         ("Material=merino|cotton|alpaca blend", "Cut=regular|oversized|cropped"), "fit material cleaning color", ("Ribbed at wrist and hem.", "Knitted in one piece."), patterns=True),
    Kind("Clothing/Shoes/Running Shoes", "Running Shoes", "sneaker", (39, 219), 560, _SHOES, "Trail|Road|Cushioned|Racing", BOLD + " Orange Grey Pink", f"size={SHOE_SIZES}",
         ("Drop=4..12/2 mm", "Upper=mesh|knit|recycled polyester"), "fit comfort durability color", ("The tongue is sewn to both sides.", "Heels carry a reflector.")),
    Kind("Clothing/Shoes/Boots", "Boots", "boot", (59, 289), 1300, _SHOES, "Hiking|Chelsea|Winter|Work", "Black Brown Beige Green Grey", f"size={SHOE_SIZES}",
         ("Upper=leather|suede|waxed canvas", "Lining=none|wool|membrane"), "fit comfort durability smell", ("Soles can be replaced.", "A loop helps to pull them on.")),
    Kind("Clothing/Accessories/Hats", "Hat", "hat", (12, 79), 120, _WEAR, "Bucket|Sun|Felt|Baseball", ALL, "color",
         ("Brim=5..12/1 cm", "Material=cotton|straw|wool felt"), "fit material color price", ("It folds into a pocket.", "A cord holds it in the wind."), patterns=True),
    Kind("Clothing/Accessories/Scarves", "Scarf", "scarf", (12, 119), 200, _WEAR, "Wool|Silk|Infinity|Fringed", ALL, "",
         ("Length=90..200/10 cm", "Material=wool|silk|cotton|cashmere"), "material color cleaning price", ("The fringe is knotted by hand.", "Light enough for summer nights."), patterns=True),
    Kind("Sports & Outdoors/Camping/Tents", "Tent", "tent", (59, 549), 3600, _OUTDOOR, "Dome|Tunnel|Family|Ultralight", "Green Orange Blue Red Beige", "",
         ("Persons=1..6/1 persons", "Water Column=2000..5000/1000 mm", "Poles=aluminium|fibreglass"), "assembly weight durability smell", ("Pegs and a repair kit are in the bag.", "Two doors face each other."), per_name="Persons"),
    Kind("Sports & Outdoors/Camping/Sleeping Bags", "Sleeping Bag", "sleepingbag", (35, 389), 1400, _OUTDOOR, "Mummy|Summer|Down|Double", "Blue Red Green Orange Purple", "",
         ("Lower Limit=-20|-10|-5|0|5|10 degrees", "Filling=down|hollow fibre"), "comfort weight smell cleaning", ("The zip runs down to the toes.", "A pocket takes a phone.")),
    Kind("Sports & Outdoors/Camping/Backpacks", "Backpack", "backpack", (29, 279), 1200, _OUTDOOR, "Trekking|Day|Roll-Top|Commuter", BOLD + " Orange Grey Teal", "color",
         ("Volume=15..70/5 litres", "Material=nylon|canvas|recycled polyester"), "comfort durability weight color", ("A rain cover sits in the base.", "The back is ventilated."), per_name="Volume"),
    Kind("Sports & Outdoors/Fitness/Dumbbells", "Dumbbell", "dumbbell", (9, 189), 8000, _SPORT, "Hex|Neoprene|Adjustable|Chrome", "Black Grey Red Blue Green Pink", "",
         ("Weight=1|2|4|6|8|10|15|20 kg", "Coating=rubber|neoprene|chrome"), "smell comfort durability delivery", ("It does not roll.", "The grip is knurled."), per_name="Weight"),
    Kind("Sports & Outdoors/Fitness/Yoga Mats", "Yoga Mat", "yogamat", (14, 99), 1500, _SPORT, "Non-Slip|Cork|Travel|Extra Thick", "Purple Blue Green Pink Teal Black Orange", "color",
         ("Thickness=3..10/1 mm", "Material=natural rubber|cork|TPE"), "smell comfort durability cleaning", ("A strap is included.", "Lines show where hands go.")),
    Kind("Sports & Outdoors/Cycling/Bicycles", "Bicycle", "bicycle", (199, 1899), 14000, _CYCLE, "City|Gravel|Mountain|Folding|Kids", BOLD + " Orange Teal", "",
         ("Gears=1|3|7|8|11|24", "Wheels=20|24|26|28 inch", "Brakes=disc|rim|coaster"), "assembly comfort weight delivery", ("Lights run on a hub dynamo.", "Cables run inside the frame.")),
    Kind("Sports & Outdoors/Cycling/Helmets", "Bike Helmet", "helmet", (19, 159), 320, _CYCLE, "Urban|Road|Kids|Mountain", BOLD + " Orange Pink Grey", "size=S|M|L",
         ("Vents=8..22/2 pieces", "Light=Yes|No"), "fit comfort color weight", ("A dial adjusts it with one hand.", "Pads come out.")),
    Kind("Sports & Outdoors/Team Sports/Balls", "Ball", "ball", (9, 89), 450, _SPORT, "Soccer|Basketball|Volleyball|Beach", BOLD + " Orange", "",
         ("Ball Size=3|4|5|6|7", "Surface=rubber|synthetic leather|foam"), "durability smell color price", ("It comes with a needle.", "Panels are bonded, not sewn.")),
    Kind("Beauty & Health/Skin Care/Face Creams", "Face Cream", "jar", (9, 89), 120, _BEAUTY, "Day|Night|Hydrating|Calming", "White Green Pink Blue Purple", "",
         ("Content=30|50|75 ml", "Skin=dry|oily|sensitive|all kinds"), "smell skin packaging price", ("It sinks in quickly.", "Free of mineral oil.")),
    Kind("Beauty & Health/Skin Care/Sunscreens", "Sunscreen", "tube", (8, 42), 150, _BEAUTY, "Sport|Baby|Mineral|Face", "Yellow Orange White Blue", "",
         ("Protection Factor=20|30|50", "Content=50|100|200 ml"), "smell skin price packaging", ("Kind to reefs.", "It survives a swim."), per_name="Protection Factor"),
    Kind("Beauty & Health/Hair/Shampoos", "Shampoo", "bottle", (5, 38), 330, _BEAUTY, "Repair|Volume|Anti-Dandruff|Color Care", "Green Purple Blue White Orange Pink", "",
         ("Content=200..500/50 ml", "Hair=dry|oily|colored|all kinds"), "smell skin packaging price", ("It foams without sulphates.", "The pump can be locked.")),
    Kind("Beauty & Health/Oral Care/Electric Toothbrushes", "Electric Toothbrush", "toothbrush", (19, 159), 160, _BEAUTY, "Sonic|Rotating|Travel|Kids", "White Black Pink Blue Teal", "",
         ("Modes=1..5/1 pieces", "Playing Time=7..35/7 days"), "battery noise cleaning price", ("A timer counts two minutes.", "Two heads are included.")),
    Kind("Beauty & Health/Oral Care/Night Guards", "Night Guard", "case", (9, 49), 40, _BEAUTY, "Mouldable|Slim|Heavy Grinder", "Blue White Green", "",
         ("Pieces=1|2|4", "Thickness=1.5|2|3 mm"), "fit comfort instructions smell", ("Shaped in hot water in a minute.", "For people who grind or clench their teeth at night.")),
    Kind("Toys & Games/Games/Board Games", "Board Game", "gamebox", (12, 89), 1400, _TOYS, "Strategy|Family|Cooperative|Party", BOLD + " Orange Purple", "",
         ("Players=2|2 to 4|2 to 6|3 to 8", "Duration=15..120/15 minutes", "Age=6|8|10|12|14 years"), "instructions fun packaging price", ("Pieces are made of wood.", "A solo mode is included.")),
    Kind("Toys & Games/Games/Puzzles", "Jigsaw Puzzle", "puzzle", (8, 49), 800, _TOYS, "Landscape|Animal|City|Space", BOLD + " Teal Purple", "",
         ("Pieces=100|200|500|1000|2000 pieces", "Age=4|6|10|12 years"), "fun packaging smell price", ("A poster shows the whole.", "Every piece has its own form."), per_name="Pieces"),
    Kind("Toys & Games/Games/Game Controllers", "Game Controller", "controller", (19, 89), 260, "Kestrel Lumenix Oxbow", "Wireless|Wired|Pro|Mini", BOLD + " Purple Pink", "color",
         ("Connection=USB cable|Bluetooth|2.4 GHz radio", "Playing Time=10..40/5 hours"), "comfort battery durability price", ("Two paddles sit at the back.", "It rumbles.")),
    Kind("Toys & Games/Games/Game Card Cases", "Game Card Case", "cardcase", (7, 36), 180, "Kestrel Tinkerlane Oxbow", "Hard-Shell|Slim|Travel|Magnetic", BOLD + " Grey Pink", "",
         ("Cards=8|12|16|24|40|60|80 cards", "Shell=EVA|plastic|aluminium"), "fit durability price smell", ("Every card has a slot of its own.", "It closes with a click."), per_name="Cards"),
    Kind("Toys & Games/Toys/Plush Animals", "Plush Bear", "plush", (9, 69), 400, _TOYS, "Giant|Pocket|Sleepy|Talking", "Brown White Pink Grey Blue Yellow", "",
         ("Height=15..90/15 cm", "Age=0|1|3 years"), "material cleaning smell color", ("Eyes are embroidered.", "It may be hugged at once.")),
    Kind("Toys & Games/Toys/Building Blocks", "Building Blocks", "blocks", (14, 129), 1600, _TOYS, "Castle|Farm|Train|Classic", "Red Yellow Blue Green", "",
         ("Pieces=50..800/50 pieces", "Age=2|3|5|7 years", "Material=beech|recycled plastic"), "fun instructions packaging price", ("They hold with all that you own.", "A crate on wheels stores them."), per_name="Pieces"),
)
