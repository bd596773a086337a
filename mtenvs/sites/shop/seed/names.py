"""Names of imaginary people and places. Cities, their regions, postcodes and dialling codes are real, nobody lives at the addresses."""

from __future__ import annotations

from typing import Final

FIRST: Final = (
    "Aaron Abigail Adam Aisha Alice Amelia Andre Anita Anna Arthur Beatrix Benjamin Brenda Brian Camila Carl Cecilia Chloe Clara Colin Daniel Daphne David Deborah "
    "Diego Doris Edith Elena Elijah Ellen Eric Esther Ethan Eva Felix Fiona Frank Gabriel Georgia Grace Hannah Harold Hassan Helen Henry Ida Ines Irene Isaac Ivan "
    "Jack Jada James Jasmine Jerome Joan Jonas Josephine Julia Karen Keith Kiran Laura Leo Lillian Linda Louis Lucas Lydia Marcus Margaret Maria Martin Maya Megan "
    "Miguel Miriam Nadia Nathan Nina Noah Nora Olga Oliver Oscar Pablo Patricia Paul Petra Philip Priya Quentin Rachel Ralph Rebecca Robert Rosa Ruth Samuel Sandra "
    "Sean Simone Sofia Stephen Susan Tara Thomas Timothy Tobias Una Valerie Victor Vivian Walter Wendy William Xavier Yara Yusuf Zoe"
).split()
LAST: Final = (
    "Abbott Adeyemi Alvarez Anderson Banks Barnes Bauer Becker Bell Bishop Blake Brooks Burke Byrne Carter Chang Chen Clarke Cohen Cole Cruz Dalton Diaz Dixon Doyle "
    "Duarte Dunn Ellis Evans Farrell Fischer Fleming Ford Foster Fox Garner Gibson Gomez Grant Greene Griffin Hale Hansen Harper Hayes Hoffman Hughes Hunt Ibrahim "
    "Jacobs Jensen Johansson Joyce Kaplan Keller Khan Kim Klein Kowalski Kumar Lambert Larsen Lee Lim Lindqvist Lowe Lynch Malik Marsh Martinez Mason Meyer Mills "
    "Moreau Moreno Murphy Nash Newton Nguyen Novak Okafor Olsen Ortiz Osborne Owens Park Patel Pearce Perez Petrov Pope Quinn Ramos Reed Reyes Rhodes Rossi Roth Ryan "
    "Sanders Santos Schmidt Sharma Shaw Silva Sloan Sousa Stein Stone Sutton Tanaka Tate Torres Tucker Vance Vargas Vaughn Vega Wagner Walsh Ward Watts Weber Webb "
    "West White Wolf Woods Yamada Young Zhang Zimmerman"
).split()
STREETS: Final = (
    "Larkspur Lane|Chestnut Street|Maple Avenue|Mill Road|Willow Court|Harbor Drive|Prospect Street|Juniper Way|Sycamore Street|Orchard Road|Highland Avenue|"
    "Linden Street|Canal Street|Poplar Drive|Hillcrest Road|Magnolia Boulevard|Station Street|Birch Lane|Riverside Drive|Spruce Street|Union Avenue|Meadow Lane"
).split("|")
# city, region, postcode, dialling code
CITIES: Final = (
    ("Pittsburgh", "Pennsylvania", "15213", "412"), ("Philadelphia", "Pennsylvania", "19104", "215"), ("Redwood City", "California", "94061", "650"),
    ("San Diego", "California", "92103", "619"), ("Sacramento", "California", "95816", "916"), ("Oakland", "California", "94610", "510"),
    ("Austin", "Texas", "78704", "512"), ("Houston", "Texas", "77006", "713"), ("Dallas", "Texas", "75206", "214"), ("Brooklyn", "New York", "11215", "718"),
    ("Buffalo", "New York", "14222", "716"), ("Albany", "New York", "12208", "518"), ("Chicago", "Illinois", "60614", "773"), ("Springfield", "Illinois", "62704", "217"),
    ("Boston", "Massachusetts", "02116", "617"), ("Worcester", "Massachusetts", "01609", "508"), ("Seattle", "Washington", "98103", "206"),
    ("Spokane", "Washington", "99203", "509"), ("Portland", "Oregon", "97214", "503"), ("Eugene", "Oregon", "97405", "541"), ("Denver", "Colorado", "80206", "303"),
    ("Boulder", "Colorado", "80304", "720"), ("Miami", "Florida", "33133", "305"), ("Orlando", "Florida", "32803", "407"), ("Atlanta", "Georgia", "30307", "404"),
    ("Savannah", "Georgia", "31401", "912"), ("Columbus", "Ohio", "43206", "614"), ("Cleveland", "Ohio", "44113", "216"), ("Ann Arbor", "Michigan", "48104", "734"),
    ("Detroit", "Michigan", "48226", "313"), ("Madison", "Wisconsin", "53703", "608"), ("Minneapolis", "Minnesota", "55408", "612"), ("Nashville", "Tennessee", "37206", "615"),
    ("Raleigh", "North Carolina", "27605", "919"), ("Richmond", "Virginia", "23220", "804"), ("Phoenix", "Arizona", "85016", "602"), ("Tucson", "Arizona", "85719", "520"),
    ("Salt Lake City", "Utah", "84105", "801"), ("New Haven", "Connecticut", "06511", "203"), ("Burlington", "Vermont", "05401", "802"),
)
# hundredths of a percent, made up within what such places take
TAX: Final = {
    "Pennsylvania": 600, "California": 725, "Texas": 625, "New York": 400, "Illinois": 625, "Massachusetts": 625, "Washington": 650, "Oregon": 0, "Colorado": 290,
    "Florida": 600, "Georgia": 400, "Ohio": 575, "Michigan": 600, "Wisconsin": 500, "Minnesota": 688, "Tennessee": 700, "North Carolina": 475, "Virginia": 430,
    "Arizona": 560, "Utah": 485, "Connecticut": 635, "Vermont": 600,
}
REGIONS: Final = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|District of Columbia|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|"
    "Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|"
    "North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming"
).split("|")
