import { NextRequest } from 'next/server.js'
import NextAuth from 'next-auth'
import { randomIds } from '../kernel/ids.ts'
import { createLogger } from '../kernel/log.ts'
import { toErrorResponse } from './errors.ts'
import { withLimitedBody } from './limit-body.ts'
import { signInDoor } from './sign-in-door.ts'

const log = createLogger('web')

/** Answers everything under /api/auth; whoever asks is not known yet, so no body is read beyond its limit. */
export async function handleSignIn(
  request: Request,
  context: { params: Promise<{ nextauth: string[] }> },
): Promise<Response> {
  try {
    const { options, cookies } = await signInDoor(request)
    const answer = await NextAuth(new NextRequest(withLimitedBody(request)), context, options)
    for (const cookie of cookies()) answer.headers.append('Set-Cookie', cookie)
    return answer
  } catch (error) {
    return toErrorResponse(error, { log, requestId: randomIds.uuid() })
  }
}
