export const linksCode = `def opacity(said, weights, high):
    """As opaque as a weight is high on the figure's scale."""
    scaled = {"linear": lambda w: w, "log1p": lambda w: np.log1p(100 * w), "sqrt": np.sqrt}[said["scale"]]
    return np.clip(scaled(np.abs(weights)) / max(scaled(np.float64(high)), 1e-12), 0, 1)


def draw_links(fig, said, weights):
    """Two columns of tokens, queries and keys, joined by lines."""
    ax = fig.subplots()
    query_at, key_at = (1, 0) if said["mirrored"] else (0, 1)
    for (query, key, head), weight, alpha in zip(said["ends"], weights, opacity(said, weights, said["high"])):
        color = said["colors"][int(weight > 0) if said["signed"] else head]
        ax.plot([query_at, key_at], [query, key], color=color, alpha=float(alpha), linewidth=1.5)
    for row, text in enumerate(said["labels"]):
        for at, side, out in ((0, "right", -1), (1, "left", 1)):
            token = ax.text(at + 0.02 * out, row, text, ha=side, va="center", clip_on=False)
            # A text of its own: beside letters that are read from right to left a number stands where they end.
            ax.annotate(str(row), (at, 0.5), xycoords=token, xytext=(3 * out, 0), textcoords="offset points", ha=side, va="center", annotation_clip=False)
    ax.set_xlim(0, 1)
    ax.set_ylim(said["first"] + said["shown"] - 0.5, said["first"] - 0.5)
    ax.set_xticks([query_at, key_at], ["query", "key"])
    ax.xaxis.tick_top()
    ax.set_yticks([])
    ax.set_xlabel(said["note"])
    for name, color in zip(said["names"], said["colors"]):
        ax.plot([], [], color=color, label=name)
    ax.legend(loc="upper left", bbox_to_anchor=(1.15, 1))
    for side in ax.spines.values():
        side.set_visible(False)`

export const linkGridCode = `def draw_link_grid(fig, said, weights):
    """The lines of each head in a square of its own."""
    layers = sorted({cell["layer"] for cell in said["cells"]})
    axes = fig.subplots(len(layers), said["heads"], squeeze=False)
    fig.supxlabel(said["note"])
    from_at, to_at = (1, 0) if said["mirrored"] else (0, 1)
    start = 0
    for cell in said["cells"]:
        ax = axes[layers.index(cell["layer"]), cell["head"]]
        own = weights[start : start + len(cell["ends"])]
        start += len(cell["ends"])
        for (query, key), weight, alpha in zip(cell["ends"], own, opacity(said, own, cell["high"])):
            color = said["colors"][int(weight > 0) if said["signed"] else cell["head"]]
            ax.plot([from_at, to_at], [query, key], color=color, alpha=float(alpha), linewidth=1)
        ax.set_ylim(cell["rows"] - 0.5, -0.5)
        ax.set_xticks([])
        ax.set_yticks([])
        if cell["layer"] == layers[0] and cell["head"] % every(fig, "x", said["heads"], 2.2) == 0:
            ax.set_title(cell["head"] or "head 0")
        if cell["head"] == 0 and layers.index(cell["layer"]) % every(fig, "y", len(layers), 3.8) == 0:
            ax.set_ylabel(f"layer {cell['layer']}")`

export const shadedTextCode = `def draw_shaded_text(fig, said, weights):
    """A text as it flows, its tokens shaded."""
    ax = fig.subplots()
    size = min(plt.rcParams["font.size"], room(fig, "x") * said["letters"] / said["room"][0])
    colors = colors_of(said)
    zero = colors["norm"](0)
    for x, y, width, height, text, group in said["boxes"]:
        weight = weights[group]
        shade = said["empty"] if np.isnan(weight) else colors["cmap"](colors["norm"](weight))
        plain = not np.isnan(weight) and colors["norm"](weight) == zero
        edge = said["accent"] if group == said["own"] else "none"
        ax.add_patch(plt.Rectangle((x, y), width, height, facecolor="none" if plain else shade, edgecolor=edge))
        ink = "black" if plain or np.isnan(weight) else ink_on(shade)
        ax.text(x + width / 2, y + height / 2, text.strip(), ha="center", va="center", fontsize=size, family=["monospace", "DejaVu Sans"], color=ink)
    ax.set_xlim(0, said["room"][0])
    ax.set_ylim(said["room"][1], 0)
    ax.axis("off")
    ax.set_title(said["note"], loc="left")
    rank_bar = dict(said, ranks=None, name=said["name"] + (" (as places: 0 the first, 1 the last, logarithmic)" if said["ranks"] else ""))
    color_bar(fig, rank_bar, plt.cm.ScalarMappable(cmap=colors["cmap"], norm=colors["norm"]), ax)`

export const contextsCode = `def draw_contexts(fig, said, weights):
    """Queries in their texts, what each attends to shaded."""
    ax = fig.subplots()
    size = min(plt.rcParams["font.size"], room(fig, "x") / 0.75 / 112 / 0.62)
    colors = colors_of(said)
    row, piece = 0, 0
    for group in said["groups"]:
        row += 1.4
        ax.text(-58, row, group["label"], fontsize=size, weight="bold", va="center")
        for line in group["lines"]:
            row += 1
            ax.text(-52, row, line["score"], fontsize=size, va="center", ha="right", color=said["faint"])
            texts, query = line["texts"], line["query"]
            widths = [max(1, len(text)) for text in texts]
            lefts = np.concatenate([[0], np.cumsum(widths)]) - sum(widths[:query]) - widths[query] / 2
            for i, text in enumerate(texts):
                left = -lefts[i] - widths[i] if said["mirrored"] else lefts[i]
                weight = weights[piece + i]
                inside = -50 <= left and left + widths[i] <= 50
                if inside:
                    shade = "none" if np.isnan(weight) else colors["cmap"](colors["norm"](weight))
                    edge = said["accent"] if i == query else "none"
                    ax.add_patch(plt.Rectangle((left, row - 0.45), widths[i], 0.9, facecolor=shade, edgecolor=edge))
                    ink = said["faint"] if np.isnan(weight) else ink_on(shade)
                    ax.text(left + widths[i] / 2, row, text, ha="center", va="center", fontsize=size, family=["monospace", "DejaVu Sans"], color=ink)
            piece += len(texts)
    ax.set_xlim(-60, 52)
    ax.set_ylim(row + 1, 0)
    ax.axis("off")`
