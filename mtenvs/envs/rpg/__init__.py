"""HeroBench: long plans of gathering, crafting and fighting in an RPG world."""
