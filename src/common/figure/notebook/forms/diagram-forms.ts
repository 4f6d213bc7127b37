export const treeCode = `def draw_tree(fig, said, heights):
    """A tree that lies: leaves at the left, heights to the right."""
    ax = fig.subplots()
    nodes = [(place, 0.0, color) for place, color in enumerate(said["colors"])]
    for (first, second), height in zip(said["joins"], heights):
        (a, low_a, color), (b, low_b, _) = nodes[first], nodes[second]
        own = color if said["cut"] is None or height < said["cut"] else said["faint"]
        ax.plot([low_a, height, height, low_b], [a, a, b, b], color=own, linewidth=1)
        nodes.append(((a + b) / 2, height, color))
    ax.set_yticks(range(len(said["labels"])), said["labels"])
    for label, color in zip(ax.get_yticklabels(), said["colors"]):
        label.set_color(color)
    ax.set_ylim(len(said["labels"]) - 0.5, -0.5)
    ax.set_xlim(0, said["highest"] or 1)
    ax.set_xlabel(said["name"])
    if said["cut"] is not None:
        ax.axvline(said["cut"], color=said["accent"])`

export const diagramCode = `def draw_diagram(fig, said):
    """Boxes, lines and words where they stand."""
    ax = fig.subplots()
    scale = min(room(fig, "x") / said["size"][0], room(fig, "y") / said["size"][1])
    for mark in said["marks"]:
        if "line" in mark:
            ax.plot(*zip(*mark["line"]), color=mark["color"], linewidth=1)
        elif "box" in mark:
            x, y, width, height = mark["box"]
            ax.add_patch(plt.Rectangle((x, y), width, height, facecolor=mark["fill"] or "none", edgecolor=mark["edge"] or "none"))
        else:
            ax.text(*mark["at"], mark["text"], ha=mark["align"], va="center", rotation=90 if mark["upright"] else 0,
                    color=mark["color"], fontsize=mark["size"] * scale, weight="bold" if mark["bold"] else "normal", clip_on=True)
    ax.set_xlim(0, said["size"][0])
    ax.set_ylim(said["size"][1], 0)
    ax.set_aspect("equal")
    ax.axis("off")`

export const polygonsCode = `def draw_polygons(fig, said):
    """Sides of cuboids as they are seen, the farthest first."""
    ax = fig.subplots()
    for corners, color in said["sides"]:
        ax.add_patch(plt.Polygon(corners, facecolor=color, edgecolor=said["paper"], linewidth=0.4))
    for text, place in said["names"]:
        ax.text(*place, text, ha="center", va="center", color=said["faint"])
    ax.autoscale_view()
    ax.set_aspect("equal")
    ax.axis("off")
    ax.set_title(said["note"], y=-0.05)`
