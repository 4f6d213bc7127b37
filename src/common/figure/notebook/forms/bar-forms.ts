export const barsCode = `def draw_bars(fig, said, values, spread=None):
    """Bars that lie, the first on top."""
    ax = fig.subplots()
    places = np.arange(len(values))
    error = {} if spread is None else {"xerr": np.nan_to_num(spread), "ecolor": "black"}
    ax.barh(places, np.nan_to_num(values), color=said["colors"], height=0.7, **error)
    ax.set_yticks(places, said["labels"])
    ax.invert_yaxis()
    ax.axvline(0, color="grey", linewidth=0.5)
    ends = [*ax.get_xlim(), *said["span"]]
    ax.set_xlim(min(ends), max(ends))
    ax.set_xlabel(said["name"])
    for place in said["sums"]:
        ax.axhline(place - 0.5, color="grey", linewidth=0.5)
    notes = said["notes"] or ["" if np.isnan(value) else f"{value:+.3g}" for value in values]
    side = ax.secondary_yaxis("right")
    side.set_yticks(places, notes)
    side.tick_params(length=0)`

export const tokenBarsCode = `def draw_token_bars(fig, said, values):
    """A bar over each token; ranks by their logarithm."""
    ax = fig.subplots()
    places = np.arange(len(values))
    heights = values if said["ranks"] is None else np.log1p(values)
    ax.bar(places, np.nan_to_num(heights), color=said["colors"])
    name_ticks(ax.xaxis, said["labels"], rotation=90)
    if said["ranks"] is None:
        ax.set_ylim(said["low"] * 1.02, said["high"] * 1.02)
    else:
        ranks = [0] + [rank for rank in 10 ** np.arange(6) if rank < said["ranks"] / 3] + [said["ranks"] - 1]
        ax.set_yticks(np.log1p(ranks), ranks)
    ax.axhline(0, color="grey", linewidth=0.5)
    ax.set_ylabel(textwrap.fill(said["name"] + ("" if said["ranks"] is None else ", logarithmic"), 20))
    if said["mirrored"]:
        ax.invert_xaxis()`

export const scoreRowCode = `def draw_score_row(fig, said, scores, weights):
    """Scores of the keys that a query sees, and the weights that these come to."""
    above, below = fig.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 2]})
    places = np.arange(len(scores))
    colors = [said["accent"] if key == said["selected"] else said["color"] for key in places]
    seen = np.isfinite(scores)
    above.vlines(places[seen], scores[seen], said["logsumexp"], color="lightgrey", linewidth=0.8)
    above.scatter(places[seen], scores[seen], c=np.array(colors)[seen], marker="_", zorder=3)
    above.axhline(said["logsumexp"], color=said["accent"], linewidth=0.8)
    above.set_ylabel("score")
    above.set_ylim(bottom=min(above.get_ylim()[0], said["logsumexp"] - said["depth"]))
    below.bar(places, weights, color=colors)
    below.set_ylabel("weight")
    below.set_ylim(top=max(below.get_ylim()[1], said["most"]))
    for key in places[~seen]:
        for ax in (above, below):
            ax.axvspan(key - 0.5, key + 0.5, color=said["empty"], zorder=0)
    name_ticks(below.xaxis, said["labels"], rotation=90)
    if said["mirrored"]:
        below.invert_xaxis()`

export const vectorProductCode = `def draw_vector_product(fig, said, q, k):
    """Two vectors, the products of their dimensions, and the sum of these so far."""
    order = said["order"]
    q, k = q[order], k[order]
    products = q * k
    rows = fig.subplots(4, 1, sharex=True, gridspec_kw={"height_ratios": [1, 1, 4, 3]})
    for ax, name, values in zip(rows, "qk", (q, k)):
        most = max(np.abs([*values, *said["spans"].get(name, [])])) or 1
        ax.imshow(values[None], aspect="auto", cmap="RdBu_r", vmin=-most, vmax=most)
        ax.set_yticks([0], [name])
    rows[2].bar(range(len(products)), products, color=[said["colors"][int(value >= 0)] for value in products])
    rows[2].set_ylabel("q ∘ k")
    rows[3].step(np.arange(len(products) + 1) - 0.5, [0, *np.cumsum(products)], where="pre", color=said["accent"])
    rows[3].set_ylabel(f"sum: {products.sum():.4g}")
    for ax, name in zip(rows[2:], ("products", "sums")):
        ax.axhline(0, color="grey", linewidth=0.5)
        ends = [*ax.get_ylim(), *said["spans"].get(name, [])]
        ax.set_ylim(min(ends), max(ends))
    name_ticks(rows[3].xaxis, list(map(str, order)), rotation=90)
    rows[3].set_xlabel(said["axis"])`

export const stackedBarsCode = `def draw_stacked_bars(fig, said, **counts):
    """Of each layer how many are of each kind, side by side."""
    sides = said["sides"]
    axes = fig.subplots(1, len(sides), squeeze=False)[0]
    for i, (ax, side) in enumerate(zip(axes, sides)):
        shares = counts[f"counts_{i}"] / counts[f"counts_{i}"].sum(1, keepdims=True)
        left = np.zeros(len(shares))
        for kind, (name, color) in enumerate(zip(said["kinds"], said["colors"])):
            ax.barh(range(len(shares)), shares[:, kind], left=left, color=color, edgecolor="white", label=name)
            for row, count in enumerate(counts[f"counts_{i}"][:, kind]):
                if count > 0:
                    ax.text(left[row] + shares[row, kind] / 2, row, int(count), ha="center", va="center")
            left = left + shares[:, kind]
        ax.set_yticks(range(len(shares)), [f"layer {layer}" for layer in side["layers"]])
        ax.set_xticks([])
        ax.invert_yaxis()
        ax.set_title(side["name"])
    axes[-1].legend(bbox_to_anchor=(1, 1), loc="upper left")`

export const cellHistogramCode = `def draw_cell_histogram(fig, said, counts):
    """Counts in cells that are as wide as each other, whatever they span."""
    edges = np.array(said["edges"])
    place = lambda value: np.interp(value, edges, np.arange(len(edges)))
    held = np.flatnonzero(counts)
    first, end = (held[0], held[-1] + 1) if len(held) else (0, len(counts))
    if said["span"] is not None:
        first = min(first, np.searchsorted(edges[1:], said["span"][0], side="right"))
        end = max(end, np.searchsorted(edges[:-1], said["span"][1], side="right"))
    room = min(130, max(24, int(4 * np.cbrt(counts.sum()))), end - first)
    each = max(1, -(-(end - first) // room))
    ax = fig.subplots()
    for at in range(first, end, each):
        last = min(end, at + each)
        bin = max([i for i, (low, _) in enumerate(said["bins"]) if low < edges[at + 1]], default=0)
        color = said["colors"][2] if bin == said["lit"] else said["colors"][bin % 2]
        ax.bar(at, counts[at:last].sum(), width=(last - at) * 0.95, align="edge", color=color)
    ticks = np.unique(np.linspace(first, end, 9).astype(int))
    ax.set_xticks(ticks, [f"{edges[min(tick, len(edges) - 1)]:.3g}" for tick in ticks])
    ax.set_xlim(first, end)
    finer = "" if np.ptp(np.diff(edges)) < 0.01 * np.diff(edges).min() else " · axis finer near 0"
    ax.set_xlabel(said["name"] + finer + said["tones"])
    ax.set_ylabel(said["counts"])
    for row, (name, value, color) in enumerate(said["lines"]):
        ax.axvline(place(value), color=color, linewidth=1)
        ax.annotate(f"{name} {value:.3g}", (place(value), 1 - 0.08 * row), xycoords=("data", "axes fraction"),
                    xytext=(4, -8), textcoords="offset points", color=color)`
