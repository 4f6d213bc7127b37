/** Colours as the figure has them, for maps and shaded texts. */
export const colorsCode = `def scaled(scale, values):
    """A colour scale's own unit, the same below zero."""
    size = np.abs(values)
    return np.sign(values) * {"linear": size, "log1p": np.log1p(100 * size), "sqrt": np.sqrt(size)}[scale]


def unscaled(scale, values):
    size = np.abs(values)
    return np.sign(values) * {"linear": size, "log1p": np.expm1(size) / 100, "sqrt": size**2}[scale]


def colors_of(said):
    """Colour map and range of a figure."""
    table = np.frombuffer(bytes.fromhex(said["colors"]), np.uint8).reshape(-1, 3) / 255
    scale = said["scale"]
    norm = mcolors.FuncNorm(
        (lambda values: scaled(scale, values), lambda values: unscaled(scale, values)),
        vmin=said["low"], vmax=said["high"], clip=True,
    )
    return {"cmap": mcolors.ListedColormap(table).with_extremes(bad=said["empty"]), "norm": norm}


def ranked(said, values):
    """Ranks as how strong they are, by their logarithm: the first is 1, the last 0."""
    return 1 - np.log1p(values) / np.log(said["ranks"])


def color_bar(fig, said, image, axes):
    """Beside a map, or below it where several have one."""
    if not said["bar"]:
        return
    below = said["bar"] == "below"
    place = {"location": "bottom", "pad": 0.02, "aspect": 30} if below else {}
    bar = fig.colorbar(image, ax=axes, shrink=0.8, **place)
    if said.get("ranks"):
        ranks = [0] + [rank for rank in 10 ** np.arange(7) if rank < (said["ranks"] - 1) / 3] + [said["ranks"] - 1]
        bar.set_ticks([0, 1]) if len(ranks) < 2 else bar.set_ticks(ranked(said, np.array(ranks)), labels=ranks)
    scale = {"linear": "", "log1p": ", as ln(1 + 100 w)", "sqrt": ", as √w"}[said["scale"]]
    name = said["name"] + ("" if said.get("ranks") else scale)
    if below:
        bar.set_label(filled(fig, f"{name}, {said['range']}"))
    else:
        most = int(max(12, 0.75 * room(fig, "y") / (0.55 * plt.rcParams["font.size"])))
        bar.set_label(textwrap.fill(name, most) + "\\n" + said["range"])


def ink_on(color):
    return "white" if np.dot(color[:3], [0.299, 0.587, 0.114]) < 0.5 else "black"`

export const mapCode = `def draw_profiles(ax, said, values, norm):
    """Rows below a map and columns beside it, as high as its colours go: the first of each as bars, others as lines."""
    own = said["profiles"]
    foot = own["foot"]
    for cells, names, lines, upright in [
        (own["queries"], said["rows"], values, False), (own["keys"], said["columns"], values.T, True)
    ]:
        if not cells:
            continue
        strip = ax.inset_axes([1.04, 0, 0.2, 1], sharey=ax) if upright else ax.inset_axes([0, -0.24, 1, 0.2], sharex=ax)
        strip.tick_params(left=False, right=False, top=False, bottom=False)
        strip.tick_params(labelleft=False, labeltop=False, labelbottom=False)
        (strip.set_xlim if upright else strip.set_ylim)(0, 1)
        heights = [np.ma.filled(norm(np.ma.masked_invalid(lines[at])), nan) for at in cells]
        places = np.arange(len(heights[0]))
        if upright:
            strip.barh(places, heights[0] - foot, 0.9, foot, color=own["color"])
        else:
            strip.bar(places, heights[0] - foot, 0.9, foot, color=own["color"])
        way = "horizontal" if upright else "vertical"
        for line in heights[1:]:
            strip.stairs(line, np.arange(len(line) + 1) - 0.5, baseline=None, orientation=way, color=own["ink"])
        label = f"{cells[0]} {names[cells[0]]}"
        if upright:
            strip.set_title(label, rotation=90, color=own["color"])
        else:
            strip.set_ylabel(label, rotation=0, ha="right", va="center", color=own["color"])


def draw_map(fig, said, values):
    """Cells in the colours of their values, with what stands along both sides."""
    colors = colors_of(said)
    if said.get("ranks"):
        values = ranked(said, values)
        colors["norm"] = mcolors.Normalize(0, 1, clip=True)
    ax = fig.subplots()
    square = bool(said.get("square"))
    aspect = "equal" if square else "auto"
    image = ax.imshow(np.ma.masked_invalid(values), interpolation="nearest", aspect=aspect, **colors)
    down, across = values.shape
    name_ticks(ax.yaxis, said["rows"], square=square)
    name_ticks(ax.xaxis, said["columns"], rotation=0 if max(map(len, said["columns"]), default=0) < 3 else 90, square=square)
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xlabel(said["across"])
    ax.set_ylabel(said["down"])
    if said.get("mirrored"):
        ax.invert_xaxis()
    texts = said.get("texts")
    if not texts and said.get("numbered"):
        texts = ["" if np.isnan(value) else f"{value:.2g}" for value in values.flat]
    # Cells have their texts in letters that fit, or none.
    size = min(plt.rcParams["font.size"], room(fig, "y") / down, room(fig, "x") / across / 0.6 / max(1, *map(len, texts or [""])))
    if texts and size >= least:
        for place in np.ndindex(down, across):
            text = texts[place[0] * across + place[1]]
            ink = "black" if np.isnan(values[place]) else ink_on(image.cmap(image.norm(values[place])))
            weight = "bold" if place[0] * across + place[1] in said.get("bold", []) else "normal"
            ax.text(place[1], place[0], text, ha="center", va="center", fontsize=size, color=ink, weight=weight)
    for at in said.get("lines", []):
        ax.axhline(at - 0.5, color="lightgrey", linewidth=1)
        ax.axvline(at - 0.5, color="lightgrey", linewidth=1)
    for first, count, color in said.get("frames", []):
        ax.add_patch(plt.Rectangle((first - 0.5, first - 0.5), count, count, fill=False, edgecolor=color, linewidth=1.5))
    flagged = said.get("flagged")
    if flagged:
        for at, line in [(flagged["row"], ax.axhline), (flagged["column"], ax.axvline)]:
            if at is not None:
                line(at, linewidth=1.5)
        ax.set_title("from the line on: " + flagged["name"])
    if said.get("part"):
        row, column, rows, columns = said["part"]
        ax.set_ylim(row + rows - 0.5, row - 0.5)
        ax.set_xlim(*sorted([column - 0.5, column + columns - 0.5], reverse=bool(said.get("mirrored"))))
    if said.get("profiles"):
        draw_profiles(ax, said, values, colors["norm"])
    color_bar(fig, said, image, ax)`

export const mapGridCode = `def draw_map_grid(fig, said, values):
    """[layer, head, row, column] as a small map each."""
    colors = colors_of(said)
    layers, heads = values.shape[:2]
    axes = fig.subplots(layers, heads, squeeze=False)
    for row, head in np.ndindex(layers, heads):
        ax = axes[row, head]
        image = ax.imshow(np.ma.masked_invalid(values[row, head]), interpolation="nearest", **colors)
        ax.set_xticks([])
        ax.set_yticks([])
        if said["mirrored"]:
            ax.invert_xaxis()
        if row == 0 and head % every(fig, "x", heads, 2.2) == 0:
            ax.set_title(head or "head 0")
        if head == 0 and row % every(fig, "y", layers, 3.8) == 0:
            ax.set_ylabel(f"layer {said['layers'][row]}")
    color_bar(fig, said, image, axes)`
