import { decode, type JWT, type JWTDecodeParams } from 'next-auth/jwt'

/**
 * What a sealed cookie says, if it was sealed in the one way that we seal: next-auth's library would take others that the same
 * key fits (ASVS 5.0, 9.1.2). Null for any other; throws for a seal that does not hold.
 */
export async function openCookie(params: JWTDecodeParams): Promise<JWT | null> {
  return isSealedAsOurs(params.token) ? decode(params) : null
}

function isSealedAsOurs(token: string | undefined): boolean {
  const [head = '', ...rest] = token?.split('.') ?? []
  const json = Buffer.from(head, 'base64url').toString('utf8')
  // As next-auth writes it: no field more, and none twice.
  return rest.length === 4 && json === '{"alg":"dir","enc":"A256GCM"}'
}
