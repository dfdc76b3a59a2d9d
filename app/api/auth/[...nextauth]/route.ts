import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { signInOptions } from '../../../../server/api/index.ts'

export const dynamic = 'force-dynamic'

type RouteContext = { params: Promise<{ nextauth: string[] }> }

async function handle(request: NextRequest, context: RouteContext): Promise<Response> {
  return NextAuth(request, context, await signInOptions())
}

export { handle as GET, handle as POST }
