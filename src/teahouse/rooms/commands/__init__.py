"""What can be done in rooms, a theme in each file. Rule: a command is a function whose first argument is the room
it was typed in; the classes of rooms list the themes they have (`Room.themes`), and know nothing of what is in them.
"""
