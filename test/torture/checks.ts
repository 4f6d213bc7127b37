import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Random } from '../fuzz/random.ts'
import { everything, look, type Looked, type World } from './world.ts'

/** Whether a window can be used: it opens the model, sees what its weights give, and finds what was saved. */
export async function lookAt(world: World, random: Random): Promise<string[]> {
  const { client } = await world.server(random)
  const looked = random.pick(everything)
  const found = compared(world, looked, await look(client, world.model, looked))
  const { saved } = world
  const workspace = await client.call('workspace.load', {})
  const known = [saved.workspace, ...saved.attempts]
  if (known.some(state => isDeepStrictEqual(state, workspace))) {
    saved.workspace = workspace
    saved.attempts = []
  } else
    found.push(`the workspace is not what was saved: ${JSON.stringify(workspace).slice(0, 80)}`)
  return found
}

/** What is wrong with what was seen; nothing where it is what the weights give. */
export function compared(world: World, looked: Looked, values: readonly number[]): string[] {
  if (isSame(world.truth(world.variant, looked), values)) return []
  const other = (1 - world.variant) as 0 | 1
  const what = isSame(world.truth(other, looked), values) ? "the other weights'" : 'damaged'
  return [`${looked.hook} of "${looked.text}" is ${what}`]
}

export function isSame(expected: readonly number[], values: readonly number[]): boolean {
  return (
    expected.length === values.length && expected.every((value, i) => Object.is(value, values[i]))
  )
}

/** Ends everything, starts once more, ends that as well, and tells what lies about. */
export async function lookForLeftovers(world: World): Promise<string[]> {
  await Promise.all(world.servers.map(server => server.end('SIGKILL')))
  const last = await world.start()
  await look(last.client, world.model, everything[0]!)
  await last.end('SIGTERM')
  const shared = await readdir('/dev/shm').catch(() => [])
  const ours = shared.filter(name =>
    [...world.pids].some(pid => name.startsWith(`lamella-engine-${pid}-`))
  )
  const inTemporary = await readdir(world.temporary)
  const inData = (await readdir(world.data, { recursive: true })).filter(name =>
    /tmp|part|lock|(new|turn)$/.test(name)
  )
  const inModel = (await readdir(world.model)).filter(name => /tmp|part/.test(name))
  return [
    ...ours.map(name => `/dev/shm/${name} is left`),
    ...inTemporary.map(name => `${join(world.temporary, name)} is left`),
    ...inData.map(name => `${join(world.data, name)} is left`),
    ...inModel.map(name => `${join(world.model, name)} is left`)
  ]
}
