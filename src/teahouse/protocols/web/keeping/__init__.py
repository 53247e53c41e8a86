"""What the site has for those who keep the house: health, metrics, status, and the page of the moderators."""
