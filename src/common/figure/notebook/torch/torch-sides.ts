import type { Again, KeptProvenance } from '../../provenance.ts'
import { numbersOfSide } from './part-of-numbers.ts'
import type { TorchCells } from './torch-call.ts'

/** Two figures, or their numbers, that stand beside each other or are taken from one another, as each would be alone; null of what is none. */
export function sidesOf({
  beside,
  less,
  again,
  ...from
}: KeptProvenance): [KeptProvenance, KeptProvenance] | null {
  const second = beside ?? less
  if (second === null || !('sides' in again) || again.sides === undefined) return null
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
    { ...from, less: null, again: one! },
    { ...from, of: second, less: null, again: other! }
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
      : [`print("\\n" + facts_of_both["sides"][${side}])\ndata = numbers_of_side(${side})\n${code}`]
  )
  return {
    note,
    code: parts.length === 0 ? null : [numbersOfSide, ...parts, 'data = both'].join('\n\n')
  }
}

/**
 * Python for what follows the start of the first: the calls of both, of which one is taken from the other. What each compares by itself
 * is kept in place of that.
 */
export function callsOfDifference(
  python: string,
  other: { readonly begun: string; readonly python: string }
): string {
  return `# A map has its difference under a name of its own.
whole, data = data, Numbers(data)
if "difference" in data:
    data |= {name: data["difference"] for name in ("weight", "value")}
${taking}
${python}
first = taken

# The same of what is taken from it, whose ids and windows the data has where they are others.
data = {**data, "input_ids": data.get("less_input_ids")}
if data["input_ids"] is None:
    del data["input_ids"]
${other.begun}
facts |= facts.get("less", {})
show = differ
${taking}
${other.python}
used.add("difference")
for name, (values, own) in first.items():
    show(f"difference of {name}", values - taken[name][0], own)
data = whole`
}

const taking = `taken = {}

def differ(name, values, own):
    """Keeps the values of one side."""
    taken[name] = torch.as_tensor(values).detach().double(), own
`
