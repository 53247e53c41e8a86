"""The Virtual Tea Party, listing 24-6: a room to log in, a room to talk, bare words for commands. Port 5005."""

from teahouse import ChatRoom, LoginRoom, Rest, Session, command


class Login(LoginRoom):
    only = "login logout"
    greeting, leads_to, goodbye = "Welcome to TestChat", "main", ""
    unknown_text = 'Please log in\nUse "login <nick>"'
    no_name = "Please enter a name"
    taken = 'The name "{nick}" is taken.\nPlease try again.'


class Party(ChatRoom):
    only = "say look who logout"
    opens, takes_text, goodbye = "main", False, ""
    shows_itself, parts_on_quit = False, True
    unknown_text = "Unknown command: {name}"

    @command
    def look(self, session: Session, _: Rest = "") -> None:
        """See who is in this room."""
        session.tell("\n".join(["The following are in this room:", *(user.nick for user in self.members)]))

    @command
    def who(self, session: Session, nick: Rest = "") -> None:
        """See who is logged in."""
        names = (user.nick for user in self.server.users.values())
        session.tell("\n".join(["The following are logged in:", *names]))
