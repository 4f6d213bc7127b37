/** Python that takes the numbers of one side out of data of two, which `datasetBeside` makes, as they were put in. */
export const numbersOfSide = `both = data
facts_of_both, along_both, told_of_both = (
    json.loads(both["attributes.json"])[part] for part in ("attributes", "axes", "variables")
)

def numbers_of_side(side):
    """The data of one of both alone."""
    own, axes_of, labels_of = {}, {}, {}
    for name, axes in along_both.items():
        part = told_of_both.get(name, {}).get("part")
        if part is None:
            own[name], axes_of[name] = both[name][side], axes[1:]
            labels_of |= zip(axes[1:], axes[1:])
        elif part["at"] == side:
            own[part["of"]], axes_of[part["of"]] = both[name], part["axes"][1:]
            labels_of |= zip(part["axes"][1:], axes)
    for axis, name in labels_of.items():
        if f"labels.{name}" in both:
            own[f"labels.{axis}"] = both[f"labels.{name}"]
    facts = facts_of_both["second" if side else "first"]
    own["attributes.json"] = json.dumps({"attributes": facts, "axes": axes_of})
    return own`

/** Python that takes the numbers of one panel out of data of a page, which `panelsDataset` makes, as they were put in. */
export const numbersOfPanel = `page = np.load(io.BytesIO(base64.b64decode(NPZ)))

def numbers_of_panel(letter):
    """The numbers of one panel, by the names that they have in its view."""
    told, start = json.loads(page["attributes.json"]), f"{letter}."

    def named(of):
        if isinstance(of, dict):
            return {named(name): named(own) for name, own in of.items()}
        if isinstance(of, list):
            return [named(own) for own in of]
        return of.removeprefix(start) if isinstance(of, str) else of

    own = {
        kind + name.removeprefix(kind + start): page[name]
        for kind in ("", "labels.") for name in page.files if name.startswith(kind + start)
    }
    about = {
        part: named({name: of for name, of in told[part].items() if name.startswith(start)})
        for part in ("axes", "variables")
    }
    own["attributes.json"] = json.dumps({"attributes": told["attributes"][letter], **about})
    return own`
