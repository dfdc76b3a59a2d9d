import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { NextApiRequest, NextApiResponse } from 'next'
import type NextAuthFunction from 'next-auth'
import { nextAuthOptions, type SignInDoor } from '../next-auth-options.ts'

/** Its own way of telling what it exports is one that Node does not follow. */
const { default: NextAuth } = createRequire(import.meta.url)('next-auth') as {
  default: typeof NextAuthFunction
}

/**
 * Everything under /api/auth, over real HTTP, without the web framework around it. `door` is asked once the address is known.
 */
export async function startSignInServer(door: (address: string) => Promise<SignInDoor>) {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  process.env.NEXTAUTH_URL = address
  const opened = await door(address)
  server.on('request', async (request, response) => {
    const url = new URL(request.url ?? '/', address)
    const headers = new Headers({ cookie: request.headers.cookie ?? '', 'user-agent': 'test' })
    const { options } = await nextAuthOptions(opened, { headers, address: '127.0.0.1' })
    const query = {
      ...Object.fromEntries(url.searchParams),
      nextauth: url.pathname.replace('/api/auth/', '').split('/'),
    }
    const cookies = Object.fromEntries(
      (request.headers.cookie ?? '').split('; ').map((pair) => {
        const at = pair.indexOf('=')
        return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))]
      }),
    )
    const asked = Object.assign(request, { query, cookies, body: await formOf(request) })
    const answer = Object.assign(response, {
      status: (code: number) => Object.assign(response, { statusCode: code }),
      json: (value: unknown) => response.end(JSON.stringify(value)),
      send: (value: unknown) => response.end(typeof value === 'string' ? value : JSON.stringify(value)),
      redirect: (status: number, location: string) => response.writeHead(status, { location }).end(),
    })
    // next-auth reads no more of the framework's request and response than is made here.
    await NextAuth(asked as unknown as NextApiRequest, answer as unknown as NextApiResponse, options)
    if (!response.writableEnded) response.end()
  })
  return {
    address,
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function formOf(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
}
