import { mkdtemp, mkdir, writeFile } from 'node:fs/promises'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import sirv from 'sirv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeMessage } from '#common/contract/wire.ts'
import { cookieName } from '../../../../src/main/shell/serve/guard.ts'
import { type RunningServer, startServer } from '../../../../src/main/shell/serve/server.ts'
import { testSource } from '../../../contract/source.ts'
import { openSocket, ownHeaders } from '../../../contract/transports.ts'

let server: RunningServer
const source = testSource()

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lamella-serve-'))
  await mkdir(join(folder, 'window'))
  await writeFile(join(folder, 'secret.txt'), 'SECRET')
  await writeFile(join(folder, 'window', 'index.html'), '<!doctype html>WINDOW')
  await writeFile(join(folder, 'window', '.hidden'), 'SECRET')
  server = await startServer({
    source,
    files: sirv(join(folder, 'window'), { dev: false }),
    limits: { message: 1024, request: 300, ping: 100 }
  })
})
afterAll(() => server.close())

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A request with nothing added or made clean on its way. */
function ask(
  path: string,
  headers: Record<string, string> = { cookie: ownHeaders(server).cookie ?? '' },
  options: { method?: string; body?: string } = {}
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: server.port, path, headers, method: options.method ?? 'GET' },
      response => {
        let body = ''
        response.on('data', (chunk: Buffer) => (body += chunk.toString()))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
        )
      }
    )
    sent.on('error', reject)
    sent.end(options.body)
  })
}

/** The status with which a WebSocket is refused; 101 when it is not. */
async function socketStatus(headers: Record<string, string>, path = '/rpc'): Promise<number> {
  try {
    ;(await openSocket(server, headers, path)).terminate()
    return 101
  } catch (error) {
    return Number(/\d{3}/.exec((error as Error).message)?.[0])
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    socket.on('close', () => resolve())
    socket.on('error', () => undefined)
    socket.resume()
  })
}

describe('letting in', () => {
  it('trades the token for a cookie and shows the window under a clean address', async () => {
    const first = await ask(`/?token=${server.token}`, {})
    expect(first.status).toBe(303)
    expect(first.headers.location).toBe('/')
    const [cookie = ''] = first.headers['set-cookie'] ?? []
    expect(cookie.split('; ').slice(1)).toEqual(['HttpOnly', 'SameSite=Strict', 'Path=/'])
    const second = await ask('/', { cookie: cookie.split(';')[0] ?? '' })
    expect(second).toMatchObject({ status: 200, body: '<!doctype html>WINDOW' })
  })

  it('steps on by itself when another site led here, since a strict cookie stays behind', async () => {
    const answer = await ask(`/?token=${server.token}`, { 'sec-fetch-site': 'cross-site' })
    expect(answer).toMatchObject({ status: 200, headers: { refresh: '0; url=/' } })
    expect(answer.headers['set-cookie']).toHaveLength(1)
  })

  it('draws 256 bits for each server', async () => {
    expect(Buffer.from(server.token, 'base64url')).toHaveLength(32)
    const other = await startServer({ source, files: (_request, _response, next) => next() })
    expect(other.token).not.toBe(server.token)
    await other.close()
  })

  it('says what it is not asked for with 404 and 405', async () => {
    expect((await ask('/nothing.js')).status).toBe(404)
    expect((await ask('/.hidden')).status).toBe(404)
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])
      expect((await ask('/', undefined, { method })).status).toBe(405)
  })

  it('sends the headers that keep the window closed', async () => {
    for (const answer of [await ask('/'), await ask('/', {}), await ask('/nothing')]) {
      expect(answer.headers).toMatchObject({
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store'
      })
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      const policy = answer.headers['content-security-policy']
      expect(policy).toContain("default-src 'none'; script-src 'self';")
      expect(policy).not.toContain('unsafe-eval')
      expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/)
    }
  })
})

describe('69: a Host that is not this machine', () => {
  it.each(['evil.example', 'evil.example:PORT', '127.0.0.1', '127.0.0.1:1', '127.0.0.1.evil:PORT'])(
    '%s is refused with 403, page and socket',
    async name => {
      const host = name.replace('PORT', String(server.port))
      expect((await ask('/', { ...ownHeaders(server), host })).status).toBe(403)
      expect((await ask(`/?token=${server.token}`, { host })).status).toBe(403)
      expect(await socketStatus({ ...ownHeaders(server), host })).toBe(403)
    }
  )

  it.each(['127.0.0.1', 'localhost', '[::1]'])('%s is not refused', async name => {
    const host = `${name}:${server.port}`
    const headers = { ...ownHeaders(server), host, origin: `http://${host}` }
    expect((await ask('/', headers)).status).toBe(200)
    expect(await socketStatus(headers)).toBe(101)
  })

  it('none is refused', async () => {
    const socket = connect(server.port, '127.0.0.1')
    let answer = ''
    socket.on('data', chunk => (answer += chunk.toString()))
    socket.write(`GET /?token=${server.token} HTTP/1.0\r\n\r\n`)
    await closed(socket)
    expect(answer).toMatch(/^HTTP\/1.1 403 /)
  })
})

describe('70: a WebSocket from elsewhere', () => {
  it.each([
    'http://evil.example',
    'null',
    'http://127.0.0.1:PORT.evil.example',
    'http://127.0.0.1:PORT/',
    'http://127.0.0.1:1',
    'https://127.0.0.1:PORT',
    'http://localhost:PORT',
    'file://'
  ])('with Origin %s is refused with 403', async origin => {
    const headers = { ...ownHeaders(server), origin: origin.replace('PORT', String(server.port)) }
    expect(await socketStatus(headers)).toBe(403)
  })

  it('without Origin is refused with 403', async () => {
    const { cookie = '' } = ownHeaders(server)
    expect(await socketStatus({ cookie })).toBe(403)
  })

  it('is accepted from this server only at /rpc', async () => {
    expect(await socketStatus(ownHeaders(server))).toBe(101)
    expect(await socketStatus(ownHeaders(server), '/other')).toBe(404)
  })
})

describe('71: without the token', () => {
  const wrong: [string, (port: number, token: string) => Record<string, string>][] = [
    ['no cookie', () => ({})],
    ['an empty cookie', port => ({ cookie: `lamella-${port}=` })],
    ['a longer token', (port, token) => ({ cookie: `lamella-${port}=${token}x` })],
    ['a shorter token', (port, token) => ({ cookie: `lamella-${port}=${token.slice(1)}` })],
    ['another server’s cookie', (port, token) => ({ cookie: `lamella-${port + 1}=${token}` })],
    ['a bearer token', (_port, token) => ({ authorization: `Bearer ${token}` })]
  ]
  it.each(wrong)('%s: every route and socket answers 401', async (_name, headersFor) => {
    const headers = headersFor(server.port, server.token)
    for (const path of ['/', '/index.html', '/rpc', '/nothing', '/../secret.txt'])
      expect([path, (await ask(path, headers)).status]).toEqual([path, 401])
    expect((await ask('/', headers, { method: 'POST' })).status).toBe(401)
    const { origin = '' } = ownHeaders(server)
    expect(await socketStatus({ ...headers, origin })).toBe(401)
    expect(await socketStatus({ ...headers, origin }, '/other')).toBe(401)
  })

  it('a wrong token in the address is refused in spite of a good cookie', async () => {
    expect((await ask('/?token=wrong')).status).toBe(401)
    expect((await ask('/?token=')).status).toBe(401)
  })
})

describe('72: the token', () => {
  it('stands in no answer but the cookie', async () => {
    for (const answer of [await ask(`/?token=${server.token}`, {}), await ask('/')]) {
      const { 'set-cookie': cookies = [], ...headers } = answer.headers
      expect(JSON.stringify(headers) + answer.body).not.toContain(server.token)
      expect(cookies.every(cookie => cookie.startsWith(`${cookieName(server)}=`))).toBe(true)
    }
  })
})

describe('73: taking too much', () => {
  it('a body is refused with 413', async () => {
    const counted = { ...ownHeaders(server), 'content-length': '10' }
    expect((await ask('/', counted, { body: 'x'.repeat(10) })).status).toBe(413)
    const chunked = { ...ownHeaders(server), 'transfer-encoding': 'chunked' }
    expect((await ask('/', chunked)).status).toBe(413)
  })

  it('headers over 16 KB are refused', async () => {
    const { status } = await ask('/', { ...ownHeaders(server), 'x-long': 'x'.repeat(20_000) })
    expect(status).toBe(431)
  })

  it('a message over the cap closes the socket', async () => {
    const socket = await openSocket(server, ownHeaders(server))
    const code = new Promise(resolve => socket.on('close', resolve))
    socket.send(encodeMessage({ text: 'x'.repeat(2000) }))
    expect(await code).toBe(1009)
  })

  it('a message that is no MessagePack closes the socket', async () => {
    for (const message of [Uint8Array.of(0xc1), Uint8Array.of(0xdd, 255, 255, 255, 255), 'text']) {
      const socket = await openSocket(server, ownHeaders(server))
      const code = new Promise(resolve => socket.on('close', resolve))
      socket.send(message)
      expect(await code).toBe(1007)
    }
  })

  it('compression is not agreed to, and a compressed bomb closes the socket', async () => {
    const socket = await openSocket(server, ownHeaders(server))
    expect(socket.extensions).toBe('')
    const code = new Promise(resolve => socket.on('close', resolve))
    const bomb = deflateRawSync(Buffer.alloc(2 ** 20))
    const raw = (socket as unknown as { _socket: Socket })._socket
    const mask = Buffer.alloc(4)
    const head = Buffer.from([0xc2, 0x80 | 126, bomb.length >> 8, bomb.length & 255])
    raw.write(Buffer.concat([head, mask, bomb]))
    await code
  })

  it('a client that sends its request too slowly is closed', async () => {
    const socket = connect(server.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: ')
    await closed(socket)
  })

  it('a client that says nothing is closed', async () => {
    await closed(connect(server.port, '127.0.0.1'))
  })

  it('a refused socket is closed although its other end stays open', async () => {
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.write(
      `GET /rpc HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`
    )
    const ended = new Promise(resolve => socket.on('end', resolve))
    socket.resume()
    await ended
    const reset = closed(socket)
    const more = setInterval(() => socket.write('more'), 20)
    await reset
    clearInterval(more)
  })

  it('a socket that no longer answers pings is closed, and its subscription ends', async () => {
    const before = source.listenerCount
    const socket = await openSocket(server, ownHeaders(server))
    await expect.poll(() => source.listenerCount).toBe(before + 1)
    const raw = (socket as unknown as { _socket: Socket })._socket
    raw.pause()
    await expect.poll(() => source.listenerCount).toBe(before)
    raw.resume()
    socket.terminate()
  })

  it('a client that does not read what it asked for is closed', async () => {
    const big = { shape: [2 ** 22], data: new Float32Array(2 ** 22) }
    let answered = 0
    const hungry = await startServer({
      source: {
        ...source,
        handlers: {
          ...source.handlers,
          'runs.value': () => {
            answered++
            return Promise.resolve(big)
          }
        }
      },
      files: (_request, _response, next) => next(),
      limits: { buffered: 2 ** 25 }
    })
    const socket = await openSocket(hungry, ownHeaders(hungry))
    const code = new Promise(resolve => socket.on('close', resolve))
    ;(socket as unknown as { _socket: Socket })._socket.pause()
    const params = { runId: 'r', hook: 'h' }
    for (let id = 0; id < 8; id++)
      socket.send(encodeMessage({ type: 'call', id, method: 'runs.value', params }))
    await expect.poll(() => answered).toBe(8)
    ;(socket as unknown as { _socket: Socket })._socket.resume()
    expect(await code).toBe(1013)
    await hungry.close()
  })
})

describe('74: a path that leaves the window', () => {
  it.each([
    '/%2e%2e/secret.txt',
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%5csecret.txt',
    '/..\\secret.txt',
    '//etc/passwd',
    '///etc/passwd',
    '/%2fetc/passwd',
    '/C:/Windows/win.ini',
    '/index.html%00.png',
    'http://evil.example/',
    '*'
  ])('%s is refused with 403', async path => {
    const answer = await ask(path)
    expect(answer.status).toBe(403)
    expect(answer.body).not.toContain('SECRET')
  })

  it.each(['/%252e%252e/secret.txt', '/secret.txt', '/etc/passwd'])(
    '%s is not there',
    async path => {
      expect((await ask(path)).status).toBe(404)
    }
  )

  it('an address that is no text is refused with 400', async () => {
    expect((await ask('/%ff%fe')).status).toBe(400)
  })
})

describe('75: other machines', () => {
  it('find nothing at the addresses they can reach', async () => {
    const addresses = Object.values(networkInterfaces())
      .flatMap(list => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => address)
    const others = process.platform === 'linux' ? [...addresses, '127.0.0.2'] : addresses
    for (const host of others)
      await expect(
        new Promise((resolve, reject) =>
          connect(server.port, host).on('connect', resolve).on('error', reject)
        )
      ).rejects.toThrow('ECONNREFUSED')
  })
})
