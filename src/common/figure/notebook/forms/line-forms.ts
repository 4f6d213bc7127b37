export const linesCode = `def draw_lines(fig, said, **arrays):
    """Series along one pair of axes: lines, dots, bars or boxes."""
    ax = fig.subplots()
    for series in said["series"]:
        x = arrays[series["x"]]
        y = arrays[series["y"]] if series["row"] is None else arrays[series["y"]][series["row"]]
        if "of" in series:
            places = np.unique(x)
            x, y = places, np.array([getattr(np, f"nan{series['of']}")(y[x == place]) for place in places])
        look = {"color": series["color"], "alpha": series.get("opacity", 1), "label": series["name"]}
        if series["shape"] == "line":
            alone = {"marker": "s", "markersize": 3} if np.isfinite(y).sum() < 2 else {}
            ax.plot(x, y, linestyle=series.get("dash", "solid"), **alone, **look)
        elif series["shape"] == "dots":
            ax.scatter(x, y, s=12, marker=series.get("sign", "s"), **look)
        elif series["shape"] == "bars":
            ax.bar(x, y, width=series["width"], align="edge", **look)
        else:
            ends = {name: arrays[name + series["spread"]] for name in ("low", "q1", "q3", "high")}
            boxes = [
                {"med": y[i], "q1": ends["q1"][i], "q3": ends["q3"][i], "whislo": ends["low"][i], "whishi": ends["high"][i]}
                for i in range(len(y))
            ]
            own = {name: {"color": series["color"]} for name in ("boxprops", "medianprops", "whiskerprops", "capprops")}
            ax.bxp(boxes, positions=x, widths=series["width"], showfliers=False, manage_ticks=False, **own)
            ax.plot([], [], color=series["color"], label=series["name"])
    for line in said["lines"]:
        draw, place = (ax.axvline, (line["at"], 0.95)) if line["axis"] == "x" else (ax.axhline, (0.99, line["at"]))
        draw(line["at"], color=line.get("color", said["faint"]), linewidth=0.8, linestyle=":")
        fraction = ("data", "axes fraction") if line["axis"] == "x" else ("axes fraction", "data")
        side = "left" if line["axis"] == "x" else "right"
        ax.annotate(line["name"], place, xycoords=fraction, ha=side, va="bottom", color=said["faint"])
    for x, y, text, color in said.get("points", []):
        ax.plot([x], [y], "o", color=color)
        ax.annotate(text, (x, y), xytext=(5, 0), textcoords="offset points")
    for name, axis, ends in (("x", said["x"], ax.get_xlim), ("y", said["y"], ax.get_ylim)):
        getattr(ax, f"set_{name}label")(axis["name"])
        if axis["log"]:
            getattr(ax, f"set_{name}scale")("log")
        if axis["span"] is not None:
            getattr(ax, f"set_{name}lim")(min(ends()[0], axis["span"][0]), max(ends()[1], axis["span"][1]))
        if axis["log"]:
            own = getattr(ax, f"{name}axis")
            own.set_major_formatter("{x:g}")
            # Between decades only where fewer than two of them are seen.
            low, high = sorted(ends())
            few = sum(low <= 10.0**power <= high for power in range(-30, 31)) < 2
            own.set_minor_formatter("{x:g}" if few else "")
            if few:
                own.set_minor_locator(plt.LogLocator(subs=(2, 5)))
    if said["y"].get("zero"):
        ax.set_ylim(min(0, ax.get_ylim()[0]), max(0, ax.get_ylim()[1]))
    if said["x"]["start"] is not None:
        at, text = said["x"]["start"]
        low, high = ax.get_xlim()
        ticks = [tick for tick in ax.get_xticks() if at < tick <= high and abs(tick - at) > 0.05 * (high - low)]
        ax.set_xticks([at, *ticks], [text, *[f"{tick:g}" for tick in ticks]])
    if any(series["name"] for series in said["series"]):
        ax.legend()`

export const scatterCode = `def draw_scatter(fig, said, x, y):
    """Points with their names."""
    ax = fig.subplots()
    if said["joined"]:
        ax.plot(x, y, color=said["faint"], linewidth=0.7)
    colors = np.array(said["palette"])[said["of"]] if "palette" in said else np.array(said["colors"])
    signs = np.array(said["signs"] or ["o"] * len(x))
    for sign in np.unique(signs):
        own = signs == sign
        ax.scatter(x[own], y[own], s=said["size"] ** 2 / 1.8, c=colors[own], marker=sign, edgecolor="white", linewidth=0.4)
    for axis, draw, name in ((said["x"], ax.axvline, "x"), (said["y"], ax.axhline, "y")):
        getattr(ax, f"set_{name}label")(axis["name"])
        for value in axis["baselines"]:
            draw(value, color=said["faint"], linestyle="--", linewidth=0.8)
        low, high = getattr(ax, f"get_{name}lim")()
        ends = [low, high] + (axis["span"] or []) + ([0] if said["zero"] else [])
        if said.get("equal") and axis["span"]:
            ends = axis["span"]
        getattr(ax, f"set_{name}lim")(min(ends), max(ends))
    if said["unit"] is not None or said.get("equal"):
        ax.set_aspect("equal", adjustable="datalim")
    if said["unit"] is not None:
        for reach, ends, setter in ((said["reach"][0], ax.get_xlim(), ax.set_xlim), (said["reach"][1], ax.get_ylim(), ax.set_ylim)):
            middle, half = sum(ends) / 2, max(ends[1] - ends[0], reach * 1.04) / 2
            setter(middle - half, middle + half)
        ax.set_xlabel(said["unit"])
    if said.get("plain"):
        ax.set_xticks([])
        ax.set_yticks([])
    for point, text in said["labels"]:
        ax.annotate(text, (x[point], y[point]), xytext=(4, -2), textcoords="offset points", annotation_clip=True)
    for name, color, sign in said["legend"]:
        ax.scatter([], [], c=color, marker=sign, label=name)
    if 0 < len(said["legend"]) <= 20:
        ax.legend(loc="upper left", bbox_to_anchor=(1, 1))`
