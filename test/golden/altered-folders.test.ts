import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { toLamellaError } from '#common/model/errors.ts'
import { rolesOf } from '../../src/main/architecture/roles.ts'
import { openCheckpoint } from '../../src/main/checkpoint/checkpoint.ts'
import { readFloat32, readRowMajor } from '../../src/main/checkpoint/read.ts'
import { readModel } from '../../src/main/reader/read-model.ts'
import { soundSafetensors } from '../bad/safetensors.ts'
import { randomFrom } from '../fuzz/random.ts'
import { alterationsOf, type Alteration, type StoredModel } from './alterations.ts'
import { families } from './families.ts'
import { golden } from './models.ts'

/** How many alterations are drawn of each family; all by LAMELLA_ALTERATIONS=all. */
const asked = process.env.LAMELLA_ALTERATIONS ?? '4'
/** What they are drawn from; told where one fails. */
const seed = process.env.LAMELLA_SEED ?? 'one fact'

const folder = mkdtempSync(join(tmpdir(), 'lamella-altered-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function storedModel(family: string): Promise<StoredModel> {
  const path = join(golden, family)
  const config = JSON.parse(
    readFileSync(join(path, 'config.json'), 'utf8')
  ) as StoredModel['config']
  const { tensors } = await openCheckpoint(path)
  const stored = []
  for (const entry of tensors.values()) {
    const { name, dtype, shape } = entry
    stored.push({ name, dtype, shape, data: await readRowMajor(entry) })
  }
  return { config, tensors: stored }
}

/** What a folder is read as: the model, the weights of each of its parts, and what is said of the reading. */
async function reading({ config, tensors }: StoredModel) {
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  writeFileSync(join(folder, 'model.safetensors'), soundSafetensors(tensors))
  const { reading } = await readModel(
    folder,
    { descriptions: null, base: null },
    new AbortController().signal
  )
  const { spec, notes, limits, checkpoint, notRunnable } = reading
  const weights = []
  for (const { tensor } of spec === null ? [] : rolesOf(spec))
    weights.push(await readFloat32(checkpoint.tensors.get(tensor)!))
  return { spec, weights, said: [...notes, ...limits], notRunnable }
}

/** Why an altered folder is silently another model; null where it is the same, refused or warned of. */
async function silence(
  altered: StoredModel,
  { rounding, isMore }: Alteration,
  own: Awaited<ReturnType<typeof reading>>
): Promise<string | null> {
  let found
  try {
    found = await reading(altered)
  } catch (thrown) {
    const { code, message } = toLamellaError(thrown)
    return code === 'internal' ? `is an error of Lamella's own: ${message}` : null
  }
  if (found.notRunnable !== null || found.spec === null) return null
  if (found.said.some(line => !own.said.includes(line))) return null
  if (JSON.stringify(found.spec) !== JSON.stringify(own.spec)) return 'is another model'
  const isSame = found.weights.every((values, at) => {
    const expected = own.weights[at]!
    const near = (value: number, of: number) =>
      Math.abs(value - of) <= rounding * Math.abs(of) + rounding * 1e-3
    return (
      values.length === expected.length && values.every((value, i) => near(value, expected[i]!))
    )
  })
  if (isMore) return 'leaves a tensor out without a word'
  return isSame ? null : 'has other weights'
}

describe('a folder of which one fact is changed is the same model, refused or warned of', () => {
  it.each(families)('%s', async family => {
    const model = await storedModel(family)
    const all = alterationsOf(model)
    const random = randomFrom(`${seed} ${family}`)
    const drawn =
      asked === 'all' ? all : Array.from({ length: Number(asked) }, () => random.pick(all))
    const own = await reading(model)
    const silent: string[] = []
    for (const alteration of drawn) {
      const why = await silence(alteration.apply(model), alteration, own)
      if (why !== null) silent.push(`${alteration.what}: ${why}`)
    }
    expect(silent, `drawn from LAMELLA_SEED=${seed}`).toEqual([])
  })
})
