"""What the authorities say: dated values with source, locator, date and mark, and the rules built from them."""
