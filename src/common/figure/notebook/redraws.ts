import type { Dataset } from '../../data/dataset.ts'

type Params = Readonly<Record<string, unknown>>
type Variable = Dataset['variables'][string]

/** How a notebook draws a dataset again, by what it is of and what the view was asked for. */
export interface Redraw {
  readonly name: string
  readonly of: (dataset: Dataset, params: Params) => boolean
  /** Python, with `data`, `along`, `names` and `plt` at hand. */
  readonly code: (dataset: Dataset, params: Params) => string
}

/** The first that a dataset is of draws it; the last is of all. */
export const redraws: readonly Redraw[] = [
  {
    name: 'lines',
    of: ({ variables }) =>
      ['query', 'key', 'weight'].every(name => variables[name]?.axes.join() === 'line'),
    code: () => `fig, ax = plt.subplots(figsize=(5, 7))
weight = data["weight"] / max(data["weight"].max(), 1e-12)
for query, key, opacity in zip(data["query"], data["key"], weight):
    ax.plot([0, 1], [query, key], color="C0", alpha=float(opacity))
ax.set_xticks([0, 1], ["query", "key"])
ax.invert_yaxis()
plt.show()`
  },
  {
    name: 'scores of heads by two of them',
    of: ({ variables, axes }) => isOfHeads(variables['value']) && axes['score'] !== undefined,
    code({ axes }, params) {
      const known = axes['score']!.labels ?? []
      const named = (key: string) => known.indexOf(String(params[key]))
      const [x, y] = [named('x'), named('y')]
      if (x >= 0 && y >= 0)
        return `fig, ax = plt.subplots(figsize=(6, 5))
x, y = data["value"][${x}], data["value"][${y}]
layer, head = np.indices(x.shape)
points = ax.scatter(x, y, c=layer, cmap="viridis")
for place in np.ndindex(x.shape):
    ax.annotate(f"{names('layer')[place[0]]}.{place[1]}", (x[place], y[place]), fontsize=6)
ax.set_xlabel(names("score")[${x}])
ax.set_ylabel(names("score")[${y}])
plt.show()`
      if (typeof params['layer'] === 'number' && typeof params['head'] === 'number')
        return `layer = list(map(str, names("layer"))).index("${params['layer']}")
fig, ax = plt.subplots(figsize=(6, 3))
ax.plot(data["offset"][layer, ${params['head']}])
if "baseline.offset" in data:
    ax.plot(data["baseline.offset"][layer], "--", color="grey")
ax.set_xlabel("tokens back")
plt.show()`
      const score = Math.max(0, named('score'))
      const less = params['quantity'] === 'above' ? ` - data["baseline"][score]` : ''
      return `score = ${score}
values = data["value"][score]${less}
${mapCode(`names("score")[score]`, 'head', 'layer')}`
    }
  },
  {
    name: 'what was asked for',
    of: (dataset, params) => askedFor(dataset, params) !== undefined,
    code(dataset, params) {
      const [name, { axes }] = askedFor(dataset, params)!
      const values = `values = data[${pythonText(name)}]`
      const title = pythonText(name)
      if (name === 'histogram' && dataset.variables['edges'] !== undefined)
        return `fig, ax = plt.subplots(figsize=(7, 4))
for values, edges in zip(data["histogram"], data["edges"]):
    ax.stairs(values, edges, fill=True)
ax.set_title("histogram")
plt.show()`
      const [across = '', down = ''] = axes.toReversed()
      if (axes.length === 1) return `${values}\n${barCode(title, across)}`
      if (axes.length === 2) return `${values}\n${mapCode(title, across, down)}`
      const [first, second, third, fourth] = axes as [string, string, string, string]
      return `${values}
values = values.reshape(values.shape[0] * values.shape[1], -1)
${mapCode(title, `${third}, ${fourth}`, `${first}, ${second}`, 'numbered')}`
    }
  },
  {
    name: 'a map',
    of: dataset => mapOf(dataset) !== undefined,
    code(dataset) {
      const [name, { axes }] = mapOf(dataset)!
      return `values = data[${pythonText(name)}]
${mapCode(pythonText(name), axes[1]!, axes[0]!)}`
    }
  },
  {
    name: 'numbers along an axis',
    of: ({ variables }) => Object.values(variables).some(({ axes }) => axes.length === 1),
    code: () => `flat = [name for name in along if data[name].ndim == 1]
fig, rows = plt.subplots(len(flat), 1, figsize=(7, 2.2 * len(flat)), squeeze=False)
for name, ax in zip(flat, rows[:, 0]):
    ax.bar(range(len(data[name])), data[name])
    ax.set_title(name)
    if len(data[name]) <= most:
        ax.set_xticks(range(len(data[name])), names(along[name][0]), rotation=90, fontsize=6)
fig.tight_layout()
plt.show()`
  },
  {
    name: 'all numbers',
    of: () => true,
    code: () => `for name in along:
    print(name, data[name].shape)
    print(data[name])`
  }
]

/** The first of a dataset's variables that a param names, such as `ig` of `method=ig`, and that can be drawn. */
function askedFor({ variables }: Dataset, params: Params): [string, Variable] | undefined {
  const names = Object.values(params).flatMap(value => {
    if (typeof value !== 'string') return []
    const name = value.replaceAll('-', '_')
    return [name, name.replace(/s$/, '')]
  })
  const name = names.find(name => [1, 2, 4].includes(variables[name]?.axes.length ?? 0))
  return name === undefined ? undefined : [name, variables[name]!]
}

/** What is said above a picture that need not be the view's: of several the first is drawn, for nothing says which is wanted. */
export function guessWords({ variables }: Dataset, { name }: Redraw): string | null {
  const drawable = Object.values(variables).filter(({ axes }) => axes.length > 0).length
  if (drawable < 2 || !guesses.has(name)) return null
  return `The data hold ${drawable} arrays: what is drawn here need not be what the view draws, which its figure shows.`
}
const guesses: ReadonlySet<string> = new Set(['a map', 'numbers along an axis', 'all numbers'])

function isOfHeads(variable: Variable | undefined): boolean {
  return variable?.axes.join() === 'score,layer,head'
}

/** The first of a dataset's variables that is over two axes. */
function mapOf({ variables }: Dataset): [string, Variable] | undefined {
  return Object.entries(variables).find(([, { axes }]) => axes.length === 2)
}

/** Draws `values` along an axis. */
function barCode(title: string, along: string): string {
  return `fig, ax = plt.subplots(figsize=(7, 3))
ax.bar(range(len(values)), values, color=np.where(np.asarray(values) < 0, "C0", "C3"))
if len(values) <= most:
    ax.set_xticks(range(len(values)), names(${pythonText(along)}), rotation=90, fontsize=6)
ax.axhline(0, color="grey", linewidth=0.5)
ax.set_title(${title})
plt.show()`
}

/**
 * Draws `values`, named by their axes, dark where they are high, and as Lamella does from blue to red where some are below 0.
 * @param labels those of the axes, or places alone
 */
function mapCode(
  title: string,
  across: string,
  down: string,
  labels: 'named' | 'numbered' = 'named'
): string {
  const named = `if max(values.shape) <= most:
    ax.set_xticks(range(values.shape[1]), names(${pythonText(across)}), rotation=90, fontsize=6)
    ax.set_yticks(range(values.shape[0]), names(${pythonText(down)}), fontsize=6)
`
  return `fig, ax = plt.subplots(figsize=(7, 6))
high = np.nanmax(np.abs(values))
colors = {"cmap": "RdBu_r", "vmin": -high, "vmax": high} if np.nanmin(values) < 0 else {"cmap": "magma_r"}
fig.colorbar(ax.imshow(values, interpolation="nearest", aspect="auto", **colors), ax=ax)
${labels === 'named' ? named : ''}ax.set_xlabel(${pythonText(across)})
ax.set_ylabel(${pythonText(down)})
ax.set_title(${title})
plt.show()`
}

/** A text as Python reads it: JSON's texts are Python's. */
export function pythonText(text: string): string {
  return JSON.stringify(text)
}
