import type { Again, KeptProvenance } from '../../provenance.ts'
import type { TorchCells } from './torch-call.ts'

/** Two figures, or their numbers, that stand beside each other, as each would be alone; null of what is none. */
export function sidesOf({
  beside,
  again,
  ...from
}: KeptProvenance): [KeptProvenance, KeptProvenance] | null {
  if (beside === undefined || !('sides' in again) || again.sides !== 'beside') return null
  const { params, withParams = {} } = again
  const others = told({ ...params, ...withParams })
  const [one, other]: Again[] =
    'view' in again
      ? [
          { view: again.view, params },
          { view: again.withView ?? again.view, params: others }
        ]
      : [
          { analysis: again.analysis, params },
          { analysis: again.analysis, params: others }
        ]
  return [
    { ...from, again: one! },
    { ...from, of: beside, again: other! }
  ]
}

/** Null stands for what the second is not told. */
function told(params: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null))
}

/** The calls of both, one after the other, each of its own part of the data. */
export function callsOfSides(first: TorchCells, second: TorchCells): TorchCells {
  const note =
    first.note === second.note ? first.note : `The first: ${first.note} The second: ${second.note}`
  const parts = [first, second].flatMap(({ code }, side) =>
    code === null
      ? []
      : [`print("\\n" + facts_of_both["sides"][${side}])\ndata = numbers_of(${side})\n${code}`]
  )
  return { note, code: parts.length === 0 ? null : [apart, ...parts].join('\n\n') }
}

/** The data of two sides, as `datasetBeside` makes it, as what it was made of. */
const apart = `both = data
facts_of_both, along_both = (json.loads(both["attributes.json"])[part] for part in ("attributes", "axes"))

def numbers_of(side):
    """The data of one of both alone."""
    own, axes_of = {}, {}
    for name, (first, *axes) in along_both.items():
        if first == "side":
            own[name], axes_of[name] = both[name][side], axes
        elif name not in (f"{first}.{part}" for part in ("side", *first.split(".")[:-1])):
            here = both[f"{first}.side"] == side
            axes = first.split(".")[:-1]
            shape = [both[f"{first}.{axis}"][here].max(initial=-1) + 1 for axis in axes]
            own[name], axes_of[name] = both[name][here].reshape(shape), axes
    for axis in {axis for axes in axes_of.values() for axis in axes}:
        name = f"labels.{axis}.row" if f"labels.{axis}.row" in both else f"labels.{axis}"
        if name in both:
            start = f'{facts_of_both["sides"][side]} · '
            mine = [text for text in both[name] if text.startswith(start)] if name.endswith(".row") else both[name]
            own[f"labels.{axis}"] = np.array([text.removeprefix(start) for text in mine])
    facts = facts_of_both["second" if side else "first"]
    own["attributes.json"] = json.dumps({"attributes": facts, "axes": axes_of})
    return own
`
