"""A web page that counts how often it was asked for."""

from itertools import count

from teahouse import Request, web

numbers = count(1)


@web("/")
def counter(request: Request) -> str:
    return f"I am request #{next(numbers)}\n"
