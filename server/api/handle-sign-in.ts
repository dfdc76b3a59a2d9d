import { NextRequest } from 'next/server.js'
import NextAuth from 'next-auth'
import { randomIds } from '../kernel/ids.ts'
import { createLogger } from '../kernel/log.ts'
import { toErrorResponse } from './errors.ts'
import { withLimitedBody } from './limit-body.ts'
import { signInOptions } from './sign-in-options.ts'

const log = createLogger('web')

/** Answers everything under /api/auth; whoever asks is not known yet, so no body is read beyond its limit. */
export async function handleSignIn(
  request: Request,
  context: { params: Promise<{ nextauth: string[] }> },
): Promise<Response> {
  try {
    return await NextAuth(new NextRequest(withLimitedBody(request)), context, await signInOptions())
  } catch (error) {
    return toErrorResponse(error, { log, requestId: randomIds.uuid() })
  }
}
