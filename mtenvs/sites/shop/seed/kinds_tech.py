"""Electronics and office goods."""

from __future__ import annotations

from typing import Final

from mtenvs.sites.shop.seed.kinds import ALL, BOLD, Kind

_AUDIO, _COMPUTER, _PHONE = "Aurelo Kestrel Nordlyd Wavecrest", "Kestrel Lumenix Oxbow Tandem", "Lumenix Pebbleworks Nimbus Oxbow"
_OFFICE = "Quillon Marlow Paperfield Tandem"

TECH: Final = (
    Kind("Electronics/Audio/Headphones", "Headphones", "headphones", (25, 349), 280, _AUDIO, "Over-Ear|Foldable|Studio|Noise Cancelling|Travel",
         "Black White Grey Blue Red Beige", "color", ("Connection=Bluetooth 5.3|2.4 GHz radio|3.5 mm cable", "Playing Time=18..60/6 hours", "Driver=30..50/10 mm"),
         "sound comfort battery earcups packaging price", ("The headband folds flat for the bag.", "Two devices can be paired at once.", "A cable for aeroplanes is in the case.")),
    Kind("Electronics/Audio/Earbuds", "Earbuds", "earbuds", (15, 199), 60, _AUDIO, "Sport|True Wireless|Mini|Everyday", "Black White Teal Pink", "color",
         ("Connection=Bluetooth 5.2|Bluetooth 5.3", "Playing Time=5..10/1 hours", "Water Protection=IPX4|IPX5|IPX7"), "sound fit battery comfort price",
         ("Three pairs of tips are included.", "The case charges over USB-C.", "Taps on the side skip songs and answer calls.")),
    Kind("Electronics/Audio/Speakers", "Bluetooth Speaker", "speaker", (20, 260), 900, _AUDIO, "Portable|Outdoor|Shelf|Party", BOLD + " Orange Grey", "",
         ("Power=5..60/5 W", "Playing Time=6..24/3 hours", "Water Protection=none|IPX5|IPX7"), "sound battery durability delivery price",
         ("Two of them play in stereo.", "A loop lets you hang it from a branch.", "It answers calls as well.")),
    Kind("Electronics/Computers/Laptops", "Laptop", "laptop", (329, 1899), 1600, _COMPUTER, "Slim|Student|Creator|Gaming|Business", "Grey Black White Blue", "",
         ("Screen=13..17/1 inch", "Memory=8 GB|16 GB|32 GB", "Storage=256 GB|512 GB|1 TB|2 TB"), "battery noise delivery price instructions",
         ("The keyboard is lit from below.", "The webcam has a shutter.", "It charges over either of its USB-C ports."), per_name="Screen"),
    Kind("Electronics/Computers/Keyboards", "Keyboard", "keyboard", (19, 189), 800, _COMPUTER, "Mechanical|Compact|Wireless|Low-Profile", "Black White Grey Pink Teal", "color",
         ("Layout=60 %|75 %|full size", "Switches=linear|tactile|clicky|membrane", "Connection=USB-C cable|Bluetooth|2.4 GHz radio"), "noise comfort durability instructions price",
         ("The caps can be swapped.", "Feet set three angles.", "A puller and spare switches lie in the drawer of the carton.")),
    Kind("Electronics/Computers/Mice", "Mouse", "mouse", (9, 119), 110, _COMPUTER, "Wireless|Vertical|Gaming|Travel", "Black White Grey Red Blue", "",
         ("Resolution=1600..12800/1600 dpi", "Buttons=3|5|6|8", "Connection=USB cable|Bluetooth|2.4 GHz radio"), "comfort battery noise price durability",
         ("The wheel scrolls freely or in steps.", "It slides on glass, too.", "The receiver hides in its belly.")),
    Kind("Electronics/Computers/Monitors", "Monitor", "monitor", (99, 899), 5200, _COMPUTER, "Office|Curved|4K|Ultrawide", "Black White Grey", "",
         ("Screen=22..34/2 inch", "Refresh Rate=60 Hz|75 Hz|144 Hz|165 Hz", "Stand=tilt only|height and tilt|full swivel"), "color assembly packaging delivery price",
         ("The frame is thin on three sides.", "It takes pictures over HDMI, DisplayPort and USB-C.", "A hub with two sockets sits at the back."), per_name="Screen"),
    Kind("Electronics/Phones/Smartphones", "Smartphone", "phone", (129, 1099), 190, _PHONE, "Dual SIM|Compact|Rugged|Camera", "Black White Blue Green Purple", "capacity=64 GB|128 GB|256 GB",
         ("Screen=5.4|6.1|6.5|6.8 inch", "Camera=12|48|50|108 megapixels", "Charging=18|33|65 W"), "battery sound durability delivery price",
         ("A screen protector is already on.", "It unlocks by finger or face.", "Updates are promised for five years.")),
    Kind("Electronics/Phones/Phone Cases", "Phone Case", "phonecase", (7, 39), 40, _PHONE, "Clear-Back|Leather|Shockproof|Silicone|Wallet", ALL, "color",
         ("Suits=6.1 inch phones|6.5 inch phones|6.8 inch phones", "Material=silicone|leather|recycled plastic"), "fit color durability smell price",
         ("The edge stands above the glass.", "Buttons stay easy to press.", "It lets wireless charging through."), patterns=True),
    Kind("Electronics/Phones/Power Banks", "Power Bank", "powerbank", (14, 89), 240, _PHONE, "Slim|Solar|Fast-Charging|Magnetic", "Black White Blue Green Orange", "",
         ("Charge=5000..30000/5000 mAh", "Ports=1|2|3", "Output=18|20|30|65 W"), "battery durability instructions price delivery",
         ("Four lights show what is left.", "It may travel in hand luggage.", "A short cable is moulded into its side."), per_name="Charge"),
    Kind("Electronics/Storage/Flash Drives", "USB Flash Drive", "flashdrive", (6, 79), 20, "Tandem Oxbow Memora", "Metal|Swivel|Dual-Plug|Keyring", BOLD + " Grey", "capacity=32 GB|64 GB|128 GB|256 GB",
         ("Standard=USB 2.0|USB 3.2", "Plug=USB-A|USB-C|USB-A and USB-C"), "durability price delivery packaging", ("The cap turns and is never lost.", "A light blinks while it works.")),
    Kind("Electronics/Storage/Portable SSDs", "Portable SSD", "ssd", (59, 329), 60, "Tandem Oxbow Memora", "Rugged|Pocket|Encrypted", "Black Grey Blue Red Teal", "",
         ("Capacity=500 GB|1 TB|2 TB|4 TB", "Reading=520|1050|2000 MB/s"), "durability price noise instructions packaging", ("It survives a fall from two metres.", "Cables for both plugs come with it."), per_name="Capacity"),
    Kind("Office & Books/Writing/Fountain Pens", "Fountain Pen", "pen", (12, 149), 30, _OFFICE, "Classic|Pocket|Demonstrator|Executive", BOLD + " Purple", "",
         ("Nib=extra fine|fine|medium|broad", "Filling=cartridge|converter|piston"), "durability packaging price smoothness", ("The cap posts on the end.", "A bottle of ink is included.")),
    Kind("Office & Books/Writing/Notebooks", "Notebook", "notebook", (4, 32), 260, _OFFICE, "Softcover|Hardcover|Dotted|Ruled|Sketch", ALL, "",
         ("Pages=80..240/40 pages", "Paper=80|90|100|120 g"), "paper color price durability", ("A ribbon keeps your place.", "The last pages tear out cleanly."), patterns=True),
    Kind("Office & Books/Desk/Staplers", "Stapler", "stapler", (6, 38), 320, _OFFICE, "Desktop|Mini|Heavy-Duty|Quiet", BOLD + " Pink", "",
         ("Sheets=15..100/5 sheets", "Staples=24/6|26/6|23/13"), "durability noise price instructions", ("The base swivels for pinning.", "It opens flat for notice boards.")),
    Kind("Office & Books/Desk/Desk Organizers", "Desk Organizer", "organizer", (9, 64), 700, _OFFICE, "Bamboo|Mesh|Drawer|Stackable", "Brown Black White Teal Pink", "",
         ("Compartments=3..9/1 pieces", "Material=bamboo|steel mesh|recycled plastic"), "assembly durability smell price", ("Rubber feet protect the desk.", "The tray at the front holds a phone upright.")),
    Kind("Office & Books/Books/Cookbooks", "Cookbook", "book", (12, 45), 800, "Paperfield Lanternhouse Millrace", "Weeknight|Vegetarian|Baking|One-Pot|Family", BOLD + " Orange Teal", "",
         ("Pages=120..400/40 pages", "Binding=hardcover|paperback", "Recipes=60..180/20 pieces"), "recipes paper price packaging", ("Every dish has a photograph.", "The index sorts by what is in your fridge.")),
    Kind("Office & Books/Books/Travel Guides", "Travel Guide", "book", (9, 32), 420, "Paperfield Lanternhouse Millrace", "Alpine|Coastal|City|Railway|Island", BOLD + " Orange Teal", "",
         ("Pages=120..520/40 pages", "Binding=paperback|flexicover", "Maps=8..40/4 pieces"), "maps paper price delivery", ("A large map folds out at the back.", "Walks are graded by how hard they are.")),
)
