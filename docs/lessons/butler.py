"""Lesson four: a bot. It greets, answers what is whispered to it, and lives in the lobby."""

from teahouse import Bot, Entered, Said, Whispered, hears


class Butler(Bot):
    nick, rooms = "butler", "lobby"

    @hears(Entered)
    def greet(self, event: Entered) -> None:
        self.say(event.room, f"Welcome, {event.who}.")

    @hears(Said)
    def serve(self, event: Said) -> None:
        if "tea" in event.text.lower():
            self.emote(event.room, f"brings {event.who} a cup")

    @hears(Whispered)
    def listen(self, event: Whispered) -> None:
        self.tell(event.who, "Very good.")
