/**
 * Python that has matplotlib write letters from right to left where they are read so, which it does by itself from 3.11 on.
 * @source Unicode Standard Annex 9, without signs of direction, which no text of a notebook has
 */
export const displayOrderCode = `import unicodedata
from itertools import groupby
import matplotlib
from matplotlib.text import Text


def in_display_order(line):
    """A line as its letters are seen from left to right; numbers and brackets among those of the other way as they are read."""
    letters = []
    for sign in line:
        # Points of a letter stay behind it.
        if letters and unicodedata.bidirectional(sign) == "NSM":
            letters[-1] += sign
        else:
            letters.append(sign)
    classes = [unicodedata.bidirectional(own[0]) for own in letters]
    strong = {"L": "L", "R": "R", "AL": "R"}
    base = next((strong[own] for own in classes if own in strong), "L")
    before = base
    for i, own in enumerate(classes):
        if own in strong:
            before = own
        elif own == "EN" and before == "AL":
            classes[i] = "AN"
    # One separator between two numbers, and signs such as % beside them.
    for i, own in enumerate(classes[1:-1], 1):
        number = classes[i - 1]
        if number == classes[i + 1] and (own, number) in (("CS", "EN"), ("CS", "AN"), ("ES", "EN")):
            classes[i] = number
    for own, run in groupby(range(len(letters)), lambda i: classes[i]):
        run = list(run)
        if own == "ET" and "EN" in classes[max(0, run[0] - 1) : run[-1] + 2]:
            for i in run:
                classes[i] = "EN"
    kinds, before = [], base
    for own in classes:
        before = strong.get(own, before)
        number = "L" if own == "EN" and before == "L" else "number"
        kinds.append(number if own in ("EN", "AN") else strong.get(own, ""))

    def way(kinds):
        kind = next(filter(None, kinds), base)
        return "R" if kind == "number" else kind

    opened, pairs = [], []
    for i, own in enumerate(letters):
        if own in "([{":
            opened.append(i)
        elif own in ")]}" and opened:
            pairs.append((opened.pop(), i))
    for first, last in sorted(pairs):
        inside = {way([kind]) for kind in kinds[first + 1 : last] if kind}
        if inside:
            before = way(kinds[:first][::-1])
            kinds[first] = kinds[last] = base if base in inside else before
    for i, kind in enumerate(kinds):
        if not kind:
            before, after = way(kinds[:i][::-1]), way(kinds[i:])
            kinds[i] = before if before == after else base
    levels = [1 if kind == "R" else 2 if kind == "number" or base == "R" else 0 for kind in kinds]
    # Spaces at the end of a line, or before a tab, go as the line does.
    ends = True
    for i in reversed(range(len(letters))):
        ends = classes[i] == "S" or (ends and classes[i] == "WS")
        if ends:
            levels[i] = 1 if base == "R" else 0
    other = str.maketrans("()[]{}<>«»", ")(][}{><»«")
    order = range(len(letters))
    for level in (2, 1):
        runs = [(turned, list(run)) for turned, run in groupby(order, lambda i: levels[i] >= level)]
        order = [i for turned, run in runs for i in (run[::-1] if turned else run)]
    return "".join(letters[i].translate(other) if levels[i] == 1 else letters[i] for i in order)


def draw_in_display_order(text, renderer):
    read = text.get_text()
    text.set_text("\\n".join(map(in_display_order, read.split("\\n"))))
    text.draw_as_written(renderer)
    text.set_text(read)
    text.stale = False


if matplotlib.__version_info__[:2] < (3, 11) and not hasattr(Text, "draw_as_written"):
    Text.draw_as_written, Text.draw = Text.draw, draw_in_display_order`
