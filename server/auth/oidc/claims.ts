import { z } from 'zod'

const claimsShape = z.looseObject({
  sub: z.string().min(1).max(255),
  email: z.email().max(254).toLowerCase(),
  email_verified: z.boolean().optional(),
  name: z.string().trim().min(1).max(100).optional(),
  amr: z.array(z.string()).optional(),
})

/** Who came from the provider, from claims whose signature, issuer, audience and nonce were checked. */
export type ProviderPerson = {
  subject: string
  email: string
  emailVerified: boolean
  name: string
  groups: string[]
  /** Whether the provider says that it asked for more than one factor (RFC 8176: `mfa`). */
  multiFactor: boolean
}

/** Null when the claims lack an e-mail address or say something that no provider should. */
export function readClaims(claims: unknown, groupsClaim: string): ProviderPerson | null {
  const { data } = claimsShape.safeParse(claims)
  if (!data) return null
  const groups = z
    .union([z.string().array(), z.string().transform((one) => [one])])
    .safeParse(data[groupsClaim])
  return {
    subject: data.sub,
    email: data.email,
    emailVerified: data.email_verified === true,
    name: data.name ?? data.email,
    groups: groups.data ?? [],
    multiFactor: data.amr?.includes('mfa') ?? false,
  }
}
