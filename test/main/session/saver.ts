/**
 * A program that saves a session again and again until it is ended, and says each time that it did.
 *
 *     node saver.ts PATH [lock]
 */
import { sessionWork } from '../../../src/main/session/work.ts'
import { writeExample } from './example.ts'

const [path = '', only] = process.argv.slice(2)
const work = sessionWork()
if (only === 'lock') {
  console.log(await work.lock({ path }))
  setInterval(() => undefined, 1000)
} else
  for (let count = 1; ; count++) {
    await writeExample(path, String(count), work, 2 ** 20)
    console.log(count)
  }
