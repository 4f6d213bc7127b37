import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { Command } from 'commander'
import { typedCommand } from '../../../../src/main/shell/cli/typed-command.ts'

/** What a command of two folders says of itself as it runs. */
async function typed(...words: string[]): Promise<string> {
  let said = ''
  const root = new Command('lamella')
  root.hook('preAction', (_, command) => {
    said = typedCommand(command, words)
  })
  root
    .command('compare')
    .argument('<folder>')
    .argument('<folder-b>')
    .option('--text <text>', 'a text')
    .option('--text-file <path>', 'a text file')
    .option('--json')
    .option('--out <file>', 'the file to write')
    .action(() => undefined)
  await root.parseAsync(words, { from: 'user' })
  return said
}

const compare = 'npm run --silent lamella -- compare'

it('is as it was typed, without the folders that paths lie in', async () => {
  const words = ['--json', '/home/ada/small', 'C:\\models\\large', '--text', 'either/or']
  expect(await typed('compare', ...words, '--out', '/home/ada/x.npz')).toBe(
    `${compare} --json small large --text either/or --out x.npz`
  )
  expect(await typed('compare', 'a', './-b', '--text-file=/home/ada/t.txt')).toBe(
    `${compare} a ./-b --text-file=t.txt`
  )
})

it('has a text whole that is called as a folder is', async () => {
  expect(await typed('compare', 'models/a', 'b', '--text', 'models/a')).toBe(
    `${compare} a b --text models/a`
  )
  expect(await typed('compare', 'a', 'b', '--text', '--text', '--json')).toBe(
    `${compare} a b --text --text --json`
  )
})

it.skipIf(process.platform === 'win32')('is taken by a shell as it was meant', async () => {
  const text = `It's "100 %" of $HOME\n שלום`
  const [, command = ''] = (await typed('compare', 'a b', 'c', '--text', text)).split(' -- ')
  const words = execFileSync('bash', ['-c', `printf '%s\\0' ${command}`]).toString()
  expect(words.split('\0').slice(0, -1)).toEqual(['compare', 'a b', 'c', '--text', text])
})
